/** What a terminal too small for anything else shows. */
import { Box, Text } from 'ink'
import { LEAST_SIZE, type Size } from './layout.ts'

export function TooSmall({ size }: { readonly size: Size }) {
  return (
    <Box
      width={size.columns}
      height={size.rows}
      flexDirection="column"
      justifyContent="center"
      alignItems="center"
    >
      <Text>Kubarium needs a little more room, please:</Text>
      <Text>
        {LEAST_SIZE.columns}x{LEAST_SIZE.rows} at least; this is {size.columns}x{size.rows}.
      </Text>
      <Text>The cluster goes on meanwhile; q quits.</Text>
    </Box>
  )
}
