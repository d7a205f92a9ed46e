import type { Summary } from './statistics';

/** One curve over the number of processes. */
export interface Curve {
  readonly title: string;
  readonly points: readonly (Summary & { readonly x: number })[];
}

const WIDTH = 260;
const HEIGHT = 180;
const LEFT = 56;
const BOTTOM = 36;
const TOP = 34;

/** An SVG with one small plot for each curve: the median of the rounds, and a bar from the smallest to the largest value. */
export function plot(curves: readonly Curve[], xTitle: string): string {
  const plots = curves.map((curve, index) => one(curve, index * WIDTH, xTitle));
  const width = curves.length * WIDTH;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${HEIGHT}" fill="white"/>`,
    ...plots,
    '</svg>\n',
  ].join('\n');
}

function one({ title, points }: Curve, left: number, xTitle: string): string {
  const top = Math.max(...points.map(({ max }) => max)) * 1.1;
  const last = Math.max(...points.map(({ x }) => x));
  const atX = (x: number) => left + LEFT + ((WIDTH - LEFT - 20) * x) / last;
  const atY = (y: number) => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * y) / top;
  const text = (x: number, y: number, anchor: string, content: string) =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#888"/>`;
  const middle = left + LEFT + (WIDTH - LEFT - 20) / 2;
  const curve = points.map(({ x, median }) => `${atX(x).toFixed(1)},${atY(median).toFixed(1)}`);
  return [
    text(left + WIDTH / 2, 18, 'middle', title),
    line(atX(0), atY(0), atX(last), atY(0)),
    line(atX(0), atY(0), atX(0), atY(top)),
    ...[0, top / 2.2, top / 1.1].map((y) => text(atX(0) - 4, atY(y) + 4, 'end', y.toFixed(0))),
    `<polyline points="${curve.join(' ')}" fill="none" stroke="#1a66b3" stroke-width="2"/>`,
    ...points.flatMap(({ x, median, min, max }) => [
      line(atX(x), atY(min), atX(x), atY(max)),
      `<circle cx="${atX(x).toFixed(1)}" cy="${atY(median).toFixed(1)}" r="3" fill="#1a66b3"/>`,
      text(atX(x), HEIGHT - BOTTOM + 14, 'middle', String(x)),
    ]),
    text(middle, HEIGHT - 6, 'middle', xTitle),
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
