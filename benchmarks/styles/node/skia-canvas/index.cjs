// captcha-canvas asks for `Canvas` and `loadImage`, and for the PNG file of a canvas by `toBuffer("png")`.
const { createCanvas, loadImage } = require("@napi-rs/canvas");

class Canvas {
  constructor(width, height) {
    const canvas = createCanvas(width, height);
    const toBuffer = canvas.toBuffer.bind(canvas);
    canvas.toBuffer = () => toBuffer("image/png");
    return canvas;
  }
}

module.exports = { Canvas, loadImage };
