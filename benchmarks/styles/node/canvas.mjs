// captcha-canvas: six hexadecimal digits in light colours, skewed and rotated, with a trace and grey decoys.
import { choice, font, load, write } from "./writing.mjs";

load("@napi-rs/canvas").GlobalFonts.registerFromPath(font, "Sans");
const { CaptchaGenerator } = load("captcha-canvas");
const COLOURS = ["#32cf7e", "#3498db", "#e67e22", "#9b59b6", "#e74c3c"];

await write(async () => {
  const color = choice(COLOURS);
  const captcha = new CaptchaGenerator().setDimension(100, 300).setCaptcha({ characters: 6, color }).setTrace({ color });
  const picture = await captcha.generate();
  return { picture, label: captcha.text };
}, ".png");
