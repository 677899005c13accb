// Reads pictures with an exported model:  dotnet run -- MODEL PICTURE…
// Resizing, scaling, alphabet and decoding are in the file; all that is left to do here is to decode the picture.

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using StbImageSharp;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: dotnet run -- MODEL PICTURE…");
    return 2;
}

using var session = new InferenceSession(args[0]);
foreach (var path in args.Skip(1))
{
    using var file = File.OpenRead(path);
    var picture = ImageResult.FromStream(file, ColorComponents.RedGreenBlueAlpha);
    var image = new DenseTensor<byte>(picture.Data, [1, picture.Height, picture.Width, 4]);
    using var found = session.Run([NamedOnnxValue.CreateFromTensor("image", image)], ["text", "confidence"]);
    var text = found[0].AsTensor<string>().GetValue(0);
    var confidence = found[1].AsTensor<float>().GetValue(0);
    Console.WriteLine($"{path}\t{text}\t{confidence:F4}");
}
return 0;
