"""What of the examples can be checked without the language that they are written in."""

import re
from xml.etree import ElementTree

from tests.modules import ROOT


def test_the_shape_of_the_dotnet_project_file_only() -> None:
    """Its framework and its packages against the lock. That it builds and reads is for `make dotnet` to show."""
    project = ElementTree.parse(ROOT / "examples" / "dotnet" / "CaptchaReader.csproj").getroot()
    assert project.findtext("PropertyGroup/TargetFramework") == "net10.0"
    assert project.findtext("PropertyGroup/RollForward") == "Major"
    locked = re.search(r"^onnxruntime==(\d+\.\d+)\.", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert locked
    packages = {package.get("Include"): package.get("Version") for package in project.iter("PackageReference")}
    assert packages == {"Microsoft.ML.OnnxRuntime": f"{locked[1]}.*", "StbImageSharp": "2.30.*"}
