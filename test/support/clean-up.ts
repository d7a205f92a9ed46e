const steps: (() => unknown)[] = [];

/**
 * Runs `step` after the test, even if it failed. A server that still runs would prevent Jest from ending, and a variable that is still
 * set would affect the next test.
 */
export function onTestEnd(step: () => unknown): void {
  steps.push(step);
}

afterEach(async () => {
  for (const step of steps.splice(0).reverse()) await step();
});
