/** True if two types are equal, and not only assignable to each other. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only with `true` if the types are equal, and with `false` if they are not. */
export const same = <A, B>(_: Same<A, B>): void => {};
