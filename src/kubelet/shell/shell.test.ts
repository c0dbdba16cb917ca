import { describe, expect, test } from 'vitest'
import { run } from '../program.testing.ts'
import { arithmetic } from './arithmetic.ts'

function sh(script: string, options: Parameters<typeof run>[3] = {}) {
  return run('busybox', ['sh', '-c', script], undefined, options)
}

const SCRIPTS: readonly (readonly [script: string, output: readonly string[], exitCode: number])[] = [
  ['echo hello world', ['hello world'], 0],
  ['exit 3', [], 3],
  ['true && echo yes || echo no', ['yes'], 0],
  ['false && echo yes || echo no', ['no'], 0],
  ['false; echo $?', ['1'], 0],
  ['! false; echo $?', ['0'], 0],
  ['A=\'one  two\'; echo $A; echo "$A"', ['one two', 'one  two'], 0],
  ['for i in a b c; do echo $i; done', ['a', 'b', 'c'], 0],
  ['i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done', ['0', '1', '2'], 0],
  ['i=0; until test $i = 2; do i=$((i + 1)); done; echo $i', ['2'], 0],
  ['for i in 1 2 3; do if [ $i = 2 ]; then continue; fi; echo $i; done', ['1', '3'], 0],
  ['while true; do echo once; break; done', ['once'], 0],
  ['if [ -f /etc/a ]; then echo a; elif [ -z "" ]; then echo b; else echo c; fi', ['b'], 0],
  ['echo $(echo inner; echo more)', ['inner more'], 0],
  ['for i in $(seq 1 3); do echo $i; done', ['1', '2', '3'], 0],
  ['echo x > /tmp/f; echo y >> /tmp/f; cat /tmp/f', ['x', 'y'], 0],
  ['echo lost > /dev/null; echo kept', ['kept'], 0],
  ['touch /tmp/f; rm /tmp/f; cat /tmp/f', ["cat: can't open '/tmp/f': No such file or directory"], 1],
  ['nosuch --flag', ['sh: nosuch: not found'], 127],
  ['echo a | grep a', ['a'], 0],
  ["printf 'b\\na\\nb\\n' | sort | uniq -c", ['      1 a', '      2 b'], 0],
  ['yes | head -2', ['y', 'y'], 0],
  ['false | true; echo $?; set -o pipefail; false | true; echo $?', ['0', '1'], 0],
  ['f() { echo "$1-$#"; return 3; }; f x y; echo $?', ['x-2', '3'], 0],
  ['case abc in x) echo no;; a*|b) echo yes;; esac', ['yes'], 0],
  ['cat <<EOF\na $((1+1))\nEOF\necho end', ['a 2', 'end'], 0],
  ["cat <<'EOF'\n$HOME\nEOF", ['$HOME'], 0],
  [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
    'a=x.tar.gz; echo ${a%.*} ${a%%.*} ${a#*.} ${a##*.} ${#a} ${b:-none} ${a/tar/zip}',
    ['x.tar x tar.gz gz 8 none x.zip.gz'],
    0,
  ],
  ['(cd /tmp; pwd); pwd', ['/tmp', '/'], 0],
  ['for f in /etc/host*; do echo $f; done', ['/etc/hostname', '/etc/hosts'], 0],
  ['echo err >&2 2>/dev/null; ls /nope 2>&1 | wc -l', ['err', '1'], 0],
  ['while read a b; do echo "$b,$a"; done <<EOF\n1 2 3\n4 5\nEOF', ['2 3,1', '5,4'], 0],
  ['set -e; false; echo never', [], 1],
  ['set -e; if false; then :; fi; false || echo saved', ['saved'], 0],
  ['trap "echo bye" EXIT; echo hi', ['hi', 'bye'], 0],
  ['mkdir -p /a/b; echo 1 > /a/b/c; cp -r /a /d; mv /d/b/c /d/x; cat /d/x; ls /d', ['1', 'b', 'x'], 0],
  ["echo 'hello world' | sed 's/o/0/g; s/h\\(.\\)/\\1H/'", ['eHll0 w0rld'], 0],
  ['echo a b c | xargs -n1 echo -', ['- a', '- b', '- c'], 0],
  ['echo "a:b:c" | cut -d: -f2,3 | tr a-z A-Z', ['B:C'], 0],
  ["sh -c 'echo $0 $1' x y", ['x y'], 0],
  ['X=1 env | grep ^X', ['X=1'], 0],
  ['tar cf - /etc/hostname 2>/dev/null | tar tf -', ['etc/hostname'], 0],
  ['cd /tmp; echo data > f; tar cf a.tar f; rm f; tar xf a.tar; cat f', ['data'], 0],
  ['i=0; while :; do i=$((i+1)); [ $i -ge 3 ] && break; done; echo $i', ['3'], 0],
  ['echo {a,b}{1..2}', ['a1 a2 b1 b2'], 0],
  ['echo -n x | base64; echo eAo= | base64 -d', ['eA==', 'x'], 0],
  ['echo "unfinished', ['sh: syntax error: unterminated quoted string'], 2],
  ['if true; then echo x', ['sh: syntax error: unexpected end of file (expecting "fi")'], 2],
  ['exec echo replaced; echo never', ['replaced'], 0],
  ['# only a comment\necho a # and more', ['a'], 0],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
  ['export A=1; echo ${A}b', ['1b'], 0],
  ["printf '%s-%s\\n' a b", ['a-b'], 0],
  ['{ echo a; echo b; }', ['a', 'b'], 0],
]

describe('a script', () => {
  test.each(SCRIPTS)('%s', (script, output, exitCode) => {
    const world = sh(script)
    world.sim.advance(1)
    expect(world.output).toEqual(output)
    expect(world.exitCode).toBe(exitCode)
  })

  test('sleeps on the virtual clock', () => {
    const world = sh('echo a; sleep 2m; echo b')
    world.sim.advance(119_999)
    expect(world.output).toEqual(['a'])
    world.sim.advance(1)
    expect(world.output).toEqual(['a', 'b'])
  })

  test('the counter of the Kubernetes documentation counts', () => {
    const world = sh('i=0; while true; do echo "$i: $(date)"; i=$((i+1)); sleep 1; done')
    world.sim.advance(1_500)
    expect(world.output).toEqual(['0: Thu Jan  1 00:00:00 UTC 2026', '1: Thu Jan  1 00:00:01 UTC 2026'])
    expect(world.exitCode).toBeUndefined()
  })

  test('that spins is killed', () => {
    const world = sh('while true; do :; done')
    expect(world.exitCode).toBe(137)
  })

  test('sees its environment, and the image programs by name', () => {
    const world = run(
      'nginx',
      ['sh', '-c', 'echo $MODE > /usr/share/nginx/html/index.html && exec nginx'],
      undefined,
      {
        environment: { MODE: 'dark' },
      },
    )
    world.sim.advance(1_000)
    expect(world.ask(80, { protocol: 'http' })).toMatchObject({ status: 200, body: 'dark\n' })
  })

  test('asks over the network', () => {
    const world = sh('wget -qO- http://web:8080/x; curl -sS http://gone || echo $?', {
      answer: host =>
        host === 'web'
          ? { ok: true, response: { protocol: 'http', status: 200, headers: {}, body: 'hi\n' } }
          : { ok: false, error: 'lookup gone: no such host' },
    })
    expect(world.asked).toMatchObject([
      { host: 'web', port: 8080, request: { path: '/x' } },
      { host: 'gone', port: 80 },
    ])
    expect(world.output).toEqual(['hi', 'curl: (6) Could not resolve host: gone', '6'])
  })
})

test.each([
  ['1+2*3', 7],
  ['(1+2)*3', 9],
  ['7/2', 3],
  ['-7 % 4', -3],
  ['n + 1', 6],
])('%s is %d', (text, value) => {
  expect(arithmetic(text, { get: () => '5', set: () => {} })).toBe(value)
})
