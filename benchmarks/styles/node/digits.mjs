// captchapng: four to six digits of two bitmap fonts, in pictures of 80 to 120 × 30 pixels, in colour on transparency.
import { between, load, text, write } from "./writing.mjs";

const Captcha = load("captchapng");

await write(() => {
  const length = between(4, 6);
  const label = text("0123456789", length);
  const picture = new Captcha(20 * length, 30, label);
  picture.color(255, 255, 255, 0);
  picture.color(between(0, 160), between(0, 160), between(0, 160), 255);
  return { picture: Buffer.from(picture.getBase64(), "base64"), label };
}, ".png");
