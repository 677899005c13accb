// Reads pictures with an exported model:  dotnet run -- MODEL PICTURE…
// Resizing, scaling, alphabet and decoding are in the file; all that is left to do here is to decode the picture.
// A picture that cannot be read is named on standard error, the others are read all the same, and the exit status is 1.

using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using StbImageSharp;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: dotnet run -- MODEL PICTURE…");
    return 2;
}

if (!OperatingSystem.IsWindows())
{
    // From 1.29 on, ONNX Runtime uploads usage events unless this is set before it starts. 0: a value of the user's
    // stays. Environment.SetEnvironmentVariable does not reach a native library, libc's own function does.
    setenv("ORT_DISABLE_TELEMETRY", "1", 0);
}

try
{
    using var session = new InferenceSession(args[0]);
    var unreadable = args.Skip(1).Count(path => !TryRead(session, path));
    return unreadable == 0 ? 0 : 1;
}
catch (OnnxRuntimeException error)
{
    Report(args[0], error);
    return 1;
}

static bool TryRead(InferenceSession session, string path)
{
    try
    {
        using var file = File.OpenRead(path);
        var picture = ImageResult.FromStream(file, ColorComponents.RedGreenBlueAlpha);
        var image = new DenseTensor<byte>(picture.Data, [1, picture.Height, picture.Width, 4]);
        using var found = session.Run([NamedOnnxValue.CreateFromTensor("image", image)], ["text", "confidence"]);
        var text = found[0].AsTensor<string>().GetValue(0);
        var confidence = found[1].AsTensor<float>().GetValue(0);
        Console.WriteLine($"{path}\t{text}\t{confidence:F4}");
        return true;
    }
    catch (Exception error) // what a damaged file makes the decoder throw has no common base
    {
        Report(path, error);
        return false;
    }
}

static void Report(string path, Exception error)
{
    // StbImageSharp's message on a PNG that is cut off is nothing but NUL characters.
    var said = string.Concat(error.Message.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
    var reason = Directory.Exists(path) ? "is a folder" : said.Length == 0 ? "cannot be decoded" : said;
    Console.Error.WriteLine($"{path}: {reason}");
}

[DllImport("libc")]
static extern int setenv(string name, string value, int overwrite);
