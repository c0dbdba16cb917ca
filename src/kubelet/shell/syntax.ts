/** What a script is made of. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError'
  /** The text ended too early: more of it may make it right. */
  readonly isIncomplete: boolean

  constructor(message: string, isIncomplete = false) {
    super(message)
    this.isIncomplete = isIncomplete
  }
}

/** `${name}`, `${#name}`, `${name:-word}`, `${name%pattern}`, ... */
export interface Parameter {
  readonly name: string
  /** `#` before the name gives the length; the others stand behind it. */
  readonly operator: '' | 'length' | '-' | '=' | '?' | '+' | '%' | '%%' | '#' | '##' | '/' | '//' | 'slice'
  /** With a colon empty counts as unset. */
  readonly hasColon: boolean
  readonly word: Word
  readonly second: Word
}

/** A piece of a word. Quoted pieces are neither split nor matched as patterns. */
export type WordPart =
  | { readonly type: 'text'; readonly text: string; readonly isQuoted: boolean }
  | { readonly type: 'parameter'; readonly parameter: Parameter; readonly isQuoted: boolean }
  | { readonly type: 'command'; readonly body: Command; readonly isQuoted: boolean }
  | { readonly type: 'arithmetic'; readonly word: Word; readonly isQuoted: boolean }
export type Word = readonly WordPart[]

export type Redirect = {
  /** The descriptor that is changed. */
  readonly fd: number
} & (
  | { readonly type: 'read' | 'write' | 'append'; readonly target: Word }
  /** `2>&1`, `>&-` */
  | { readonly type: 'duplicate'; readonly target: Word }
  /** `&>`: both outputs. */
  | { readonly type: 'both'; readonly target: Word; readonly isAppend: boolean }
  /** Its content is known once the lines behind the command were read. */
  | { readonly type: 'here'; content: Word }
)

export interface Assignment {
  readonly name: string
  readonly value: Word
}

export type Command =
  | {
      readonly type: 'simple'
      readonly assignments: readonly Assignment[]
      readonly words: readonly Word[]
      readonly redirects: readonly Redirect[]
    }
  | { readonly type: 'pipeline'; readonly commands: readonly Command[]; readonly isNegated: boolean }
  | { readonly type: 'and' | 'or'; readonly left: Command; readonly right: Command }
  | {
      readonly type: 'list'
      readonly items: readonly {
        readonly command: Command
        readonly isBackground: boolean
        readonly text: string
      }[]
    }
  | { readonly type: 'loop'; readonly isUntil: boolean; readonly condition: Command; readonly body: Command }
  /** Without `in` it goes over the arguments. */
  | {
      readonly type: 'for'
      readonly name: string
      readonly words: readonly Word[] | undefined
      readonly body: Command
    }
  | {
      readonly type: 'if'
      readonly condition: Command
      readonly then: Command
      readonly otherwise: Command | undefined
    }
  | {
      readonly type: 'case'
      readonly subject: Word
      readonly branches: readonly { readonly patterns: readonly Word[]; readonly body: Command }[]
    }
  | { readonly type: 'subshell'; readonly body: Command }
  | { readonly type: 'function'; readonly name: string; readonly body: Command }
  | { readonly type: 'redirected'; readonly command: Command; readonly redirects: readonly Redirect[] }
