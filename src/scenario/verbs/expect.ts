/** `sim expect EXPR`: what must be true now. */
import { expectWords, type Verb } from './verb.ts'

export const EXPECT: Verb = {
  name: 'expect',
  usage: "expect 'EXPR'",
  flags: [],
  read(call) {
    const [text = ''] = expectWords(call, EXPECT.usage, 1)
    const expression = call.expression(text)
    return function* ({ fail }) {
      if (!expression.holds()) fail(text, expression.values())
    }
  },
}
