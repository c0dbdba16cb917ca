/** A patch that cannot be applied. */
export class PatchError extends Error {
  override readonly name = 'PatchError'
  /**
   * How the API server answers it: 400 for a document that is no patch of its type, 422 for a sound patch that
   * does not fit the object, 500 where upstream has no better answer.
   */
  readonly code: 400 | 422 | 500

  constructor(code: 400 | 422 | 500, message: string) {
    super(message)
    this.code = code
  }
}
