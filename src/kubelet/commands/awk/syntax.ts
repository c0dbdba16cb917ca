/** What an awk program is made of. Without user functions, getline and redirections. */

export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  /** Alone it asks the whole line. */
  | { readonly type: 'regex'; readonly source: string }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'field'; readonly index: Expression }
  | { readonly type: 'element'; readonly name: string; readonly index: readonly Expression[] }
  | { readonly type: 'in'; readonly index: readonly Expression[]; readonly name: string }
  | { readonly type: 'unary'; readonly operator: '!' | '-' | '+'; readonly operand: Expression }
  | {
      readonly type: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly type: 'choice'
      readonly test: Expression
      readonly yes: Expression
      readonly no: Expression
    }
  /** `=`, `+=` and its kin. */
  | {
      readonly type: 'assign'
      readonly operator: string
      readonly target: Expression
      readonly value: Expression
    }
  | {
      readonly type: 'step'
      readonly by: 1 | -1
      readonly isPrefix: boolean
      readonly target: Expression
    }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[] }

export type Statement =
  | { readonly type: 'expression'; readonly value: Expression }
  | { readonly type: 'print'; readonly values: readonly Expression[] }
  | { readonly type: 'printf'; readonly values: readonly Expression[] }
  | {
      readonly type: 'if'
      readonly test: Expression
      readonly yes: Statement
      readonly no: Statement | undefined
    }
  | { readonly type: 'while'; readonly test: Expression; readonly body: Statement }
  | {
      readonly type: 'for'
      readonly start: Statement | undefined
      readonly test: Expression | undefined
      readonly step: Statement | undefined
      readonly body: Statement
    }
  | { readonly type: 'each'; readonly name: string; readonly array: string; readonly body: Statement }
  | { readonly type: 'block'; readonly statements: readonly Statement[] }
  | { readonly type: 'delete'; readonly name: string; readonly index: readonly Expression[] | undefined }
  | { readonly type: 'next' | 'break' | 'continue' }
  | { readonly type: 'exit'; readonly code: Expression | undefined }

export interface Rule {
  /** Undefined for every line. */
  readonly pattern: 'BEGIN' | 'END' | Expression | undefined
  /** Of a range `/a/,/b/`. */
  readonly until: Expression | undefined
  /** Undefined prints the line. */
  readonly action: Statement | undefined
}
