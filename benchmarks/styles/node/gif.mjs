// captcha.gif: four to six small letters on a wave, in one of its colours, outlined in half of the pictures; GIF files.
import { between, load, write } from "./writing.mjs";

const { Captcha } = load("captcha.gif");

await write(() => {
  const { buffer, token } = new Captcha({ filter: between(0, 1) === 1 }).generate(between(4, 6));
  return { picture: buffer, label: token };
}, ".gif");
