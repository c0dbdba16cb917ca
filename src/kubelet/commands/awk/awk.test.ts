import { describe, expect, test } from 'vitest'
import { run } from '../../program.testing.ts'

const INPUT = 'a 1 x\nb 2 y\nc 30 x\n'

/** Programs over {@link INPUT} and what every awk prints. */
const PROGRAMS: readonly (readonly [program: string, output: string])[] = [
  ['{print $2}', '1\n2\n30\n'],
  ['{print $NF, NR}', 'x 1\ny 2\nx 3\n'],
  ['/b/', 'b 2 y\n'],
  ['!/b/ {print $1}', 'a\nc\n'],
  ['$2 > 1 {print $1}', 'b\nc\n'],
  ['$2 >= 2 && $3 == "x" {print $0}', 'c 30 x\n'],
  ['NR==2', 'b 2 y\n'],
  ['NR>1 {print $1 "-" $3}', 'b-y\nc-x\n'],
  ['/a/,/b/ {print $1}', 'a\nb\n'],
  ['$3 ~ /^x$/ {n++} END {print n}', '2\n'],
  ['{s += $2} END {print s, s/NR}', '33 11\n'],
  ['{s += $2} END {printf "%d %.2f %s\\n", s, s / 7, "end"}', '33 4.71 end\n'],
  ['BEGIN {print "head"} {print $1} END {print "tail"}', 'head\na\nb\nc\ntail\n'],
  ['{c[$3]++} END {print c["x"], c["y"], length(c)}', '2 1 2\n'],
  ['BEGIN {for (i = 0; i < 3; i++) printf "%s%s", i, (i < 2 ? "," : "\\n")}', '0,1,2\n'],
  ['BEGIN {while (i < 3) { i++; if (i == 2) continue; print i }}', '1\n3\n'],
  ['{if ($2 > 1) print $1; else print "small"}', 'small\nb\nc\n'],
  ['{$2 = "z"; print}', 'a z x\nb z y\nc z x\n'],
  ['BEGIN {OFS = ":"} {print $1, $2}', 'a:1\nb:2\nc:30\n'],
  ['{gsub(/[a-c]/, "<&>"); print}', '<a> 1 x\n<b> 2 y\n<c> 30 x\n'],
  ['{sub("x", "yy"); print $3}', 'yy\ny\nyy\n'],
  ['BEGIN {n = split("a,b,c", parts, ","); print n, parts[1] parts[3]}', '3 ac\n'],
  ['BEGIN {print substr("hello", 2, 3), index("hello", "ll"), length("hello")}', 'ell 3 5\n'],
  ['BEGIN {print toupper("abc") tolower("DEF"), int(3.9), 2 ^ 10, 7 % 3}', 'ABCdef 3 1024 1\n'],
  ['BEGIN {if (match("foobar", /o+/)) print RSTART, RLENGTH}', '2 2\n'],
  ['{next} {print "never"} END {print NR}', '3\n'],
  ['NR == 2 {exit} {print $1}', 'a\n'],
  ['BEGIN {a["x"]; if ("x" in a) print "in"; delete a["x"]; if (!("x" in a)) print "out"}', 'in\nout\n'],
  ['BEGIN {print 1 == 1.0, "a" < "b", 10 < 9, "10" < "9"}', '1 1 0 1\n'],
  ['BEGIN {print -3 + 5 * 2, (1 + 2) * 3, 1 / 4}', '7 9 0.25\n'],
  ['{ x = $1; y = x x; print y; } # a comment', 'aa\nbb\ncc\n'],
]

function awk(...words: string[]) {
  const world = run('busybox', ['awk', ...words, '/tmp/input'], undefined, { files: { '/tmp/input': INPUT } })
  world.sim.advance(1000)
  return world
}

describe('awk', () => {
  test.each(PROGRAMS)('%s', (program, output) => {
    const world = awk(program)
    expect(world.output.map(line => `${line}\n`).join('')).toBe(output)
    expect(world.exitCode).toBe(0)
  })

  test('splits at -F and knows what -v says', () => {
    const world = run('busybox', ['sh', '-c', `echo root:x:0 | awk -F: -v want=3 '{print $1, $want}'`])
    world.sim.advance(1000)
    expect(world.output).toEqual(['root 0'])
  })

  test('exits with the code it is told', () => {
    expect(awk('END {exit NR}').exitCode).toBe(3)
  })

  test('says what is wrong with a program', () => {
    const world = awk('{print $1')
    expect(world.output).toEqual(['awk: cmd. line:1: syntax error at or near end of file'])
    expect(world.exitCode).toBe(2)
  })

  test('is killed when it never ends', () => {
    expect(awk('BEGIN {while (1) i++}').output).toEqual(['awk: cmd. line:1: too many steps'])
  })
})
