type Variables = Readonly<Record<string, string>>;

/** Sets variables of this thread's `process.env`, which configure its SDK, until the returned function is called. */
export function setEnvironment(variables: Variables): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
