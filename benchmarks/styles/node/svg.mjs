// svg-captcha: four symbols of both cases and digits, in colour on transparency, with two curves; drawn by resvg.
import { load, write } from "./writing.mjs";

const captcha = load("svg-captcha");
const { Resvg } = load("@resvg/resvg-js");

await write(() => {
  const { text, data } = captcha.create({ size: 4, ignoreChars: "0oO1iIl", noise: 2, color: true });
  return { picture: new Resvg(data).render().asPng(), label: text };
}, ".png");
