/** One line on the screen. */
import { Text } from 'ink'
import { memo } from 'react'
import { type Line, mergeSpans } from './spans.ts'
import { styleOf } from './tones.ts'

export const LineText = memo(function LineText({ line }: { readonly line: Line }) {
  return (
    <Text wrap="truncate">
      {mergeSpans(line).map((span, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line have no other identity
        <Text key={at} {...styleOf(span.tone)}>
          {span.text}
        </Text>
      ))}
    </Text>
  )
})
