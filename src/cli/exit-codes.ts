/** What the process ends with. */
export const EXIT = Object.freeze({
  held: 0,
  /** An expectation did not hold. */
  failed: 1,
  /** Unusable input: a file, a flag, a command. */
  unusable: 2,
  /** A bug of ours (EX_SOFTWARE of sysexits). */
  bug: 70,
})
