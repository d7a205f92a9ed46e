const steps: (() => unknown)[] = [];

/**
 * Runs `step` when the test has ended, also when it failed: a server left behind would keep Jest from ending, and a
 * variable would spoil the next test.
 */
export function onTestEnd(step: () => unknown): void {
  steps.push(step);
}

afterEach(async () => {
  for (const step of steps.splice(0).reverse()) await step();
});
