import { type Bars, judge, withNewBaselines } from '../../bench/run/report';
import { quantile, ratios, summarize } from '../../bench/run/statistics';

test('the median is the middle value, or the mean of the two middle ones', () => {
  expect(summarize([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5, rounds: 3 });
  expect(summarize([4, 1, 3, 10])).toEqual({ median: 3.5, min: 1, max: 10, rounds: 4 });
});

test('values that are no numbers make no figure', () => {
  expect(() => summarize([1, Number.NaN])).toThrow('no figure');
  expect(() => summarize([])).toThrow('no figure');
});

test('a quantile is a value that was measured', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(quantile(values, 0.99)).toBe(99);
  expect(quantile(values, 0.5)).toBe(50);
  expect(quantile([7], 0.99)).toBe(7);
  expect(() => quantile([], 0.5)).toThrow('at least one value');
});

test('ratios compare the sides round by round', () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
  expect(() => ratios([1], [1, 2])).toThrow('each round');
});

const outcome = (values: number[]) => ({
  figures: [{ name: 'cost', values, unit: '' }],
  tables: [],
});
const missedBy = (values: number[], bar: Bars[string]) =>
  judge('fast', outcome(values), { 'fast/cost': bar }).figures[0]?.missedBy;

test('the median must keep to the bar, and a value equal to it does', () => {
  expect(missedBy([1, 1.2, 9], { atMost: 1.2 })).toBeUndefined();
  expect(missedBy([1, 1.5, 1.6], { atMost: 1.2 })).toBeCloseTo(25);
  expect(missedBy([0.9, 0.85, 0.1], { atLeast: 0.85 })).toBeUndefined();
  expect(missedBy([0.9, 0.68, 0.1], { atLeast: 0.85 })).toBeCloseTo(20);
});

test('a baseline may be exceeded by its tolerance only', () => {
  expect(missedBy([105], { baseline: 100, tolerance: 0.05 })).toBeUndefined();
  expect(missedBy([126], { baseline: 100, tolerance: 0.05 })).toBeCloseTo(20);
});

test('a baseline of another machine or another Node.js is not compared, until it is replaced', () => {
  const bar = { baseline: 100, tolerance: 0.05, on: 'another machine, Node.js v1.0.0' };
  expect(missedBy([126], bar)).toBeUndefined();
  const { figures } = judge('fast', outcome([126]), { 'fast/cost': bar });
  const replaced = withNewBaselines({ 'fast/cost': bar }, figures);
  expect(replaced['fast/cost']?.on).toContain(process.version);
  expect(judge('fast', outcome([126]), replaced).figures[0]?.missedBy).toBeUndefined();
  expect(judge('fast', outcome([140]), replaced).figures[0]?.missedBy).toBeCloseTo(5.8, 1);
});

test('new baselines replace only those of the figures that were measured', () => {
  const bars: Bars = {
    'fast/cost': { baseline: 100, tolerance: 0.05 },
    'fast/other': { baseline: 7 },
    'fast/ratio': { atMost: 1 },
  };
  const { figures } = judge('fast', outcome([42.4]), bars);
  expect(withNewBaselines(bars, figures)).toEqual({
    ...bars,
    'fast/cost': { baseline: 42, tolerance: 0.05 },
  });
});

test('a bar without a figure is reported, unless the figure was skipped', () => {
  const bars: Bars = { 'fast/gone': { atMost: 1 }, 'slow/other': { atMost: 1 } };
  expect(judge('fast', outcome([1]), bars).unmeasured).toEqual(['fast/gone']);
  const skipping = { ...outcome([1]), skippedFigures: [/gone$/] };
  expect(judge('fast', skipping, bars).unmeasured).toEqual([]);
});
