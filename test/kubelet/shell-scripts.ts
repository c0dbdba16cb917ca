// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's own
/** Scripts to give to two shells: some written by hand, more made from parts by a seed. None writes to standard error on purpose. */
import { RandomStream } from '../../src/sim/index.ts'

export const HAND_WRITTEN: readonly string[] = [
  'echo a; echo b >&2; exit 4',
  'echo "$#"; set -- a "b c" d; echo $# "$2"; shift; echo "$@"; echo "$*"',
  'set -- a b c; for x; do echo "<$x>"; done; IFS=,; echo "$*"',
  'set -- "a b" c; for x in "$@"; do echo "<$x>"; done; for x in $@; do echo "[$x]"; done',
  'x=5; x=$((x * 2)); echo $x; : $((x += 3)); echo $x',
  'f() { echo "in $1"; return 7; }; f one; echo $?; f two || echo failed',
  'f() { local v=1; v=2; g; echo $v; }; g() { v=3; }; v=0; f; echo $v',
  'fact() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(fact $(($1 - 1))))); fi; }; fact 6',
  'a=1; (a=2; echo $a); echo $a; { a=3; }; echo $a',
  'echo one | { read x; echo "got $x"; }; printf "a b c\\n" | { read x y; echo "$y-$x"; }',
  'printf "1\\n2\\n3\\n" | while read n; do echo $((n * n)); done',
  'i=0; while :; do i=$((i+1)); [ $i -eq 3 ] && continue; [ $i -gt 5 ] && break; echo $i; done',
  'for i in 1 2; do for j in a b c; do [ $j = b ] && continue 2; echo $i$j; done; done',
  'for i in 1 2 3; do for j in 1 2 3; do [ $j = 2 ] && break 2; echo $i$j; done; done; echo end',
  'case x.tar.gz in *.zip) echo zip;; *.tar.*) echo tar;; esac; case "" in "") echo empty;; esac',
  'case 7 in [0-4]) echo low;; [5-9]) echo high;; *) echo none;; esac; case b in a|b) echo ab;; esac',
  'case "a*c" in "a*c") echo literal;; esac; case abc in "a*c") echo no;; a*c) echo glob;; esac',
  'case abc in [!a]*) echo no;; [a-c]??) echo yes;; esac',
  'cat <<EOF\nhello $((1+2)) ${HOME:+home}\n\\$x `echo back`\nEOF',
  "cat <<'EOF'\n$no ${such} `thing`\nEOF",
  'cat <<-EOF\n\t\tindented\n\tless\n\tEOF\necho after',
  'cat <<A; cat <<B\nfirst\nA\nsecond\nB',
  'x=$(cat <<EOF\nin substitution\nEOF\n); echo "$x"',
  'echo to file > f; cat f; echo more >> f; wc -l < f; cat < f | tail -n 1',
  'echo a > f1; echo b > f2; cat f1 f2 > f3; cat f3; rm f1 f2; ls f*',
  'mkdir -p d/e; touch d/e/x d/y; ls d; ls d/e; rm -r d; [ -e d ] || echo gone',
  'echo x > t; [ -f t ] && echo file; [ -d t ] || echo nodir; [ -s t ] && echo size; : > t; [ -s t ] || echo none',
  '[ a = a ] && echo eq; [ a != b ] && echo ne; [ -n x ] && echo n; [ -z "" ] && echo z; [ 3 -lt 4 ] && echo lt',
  '[ 1 -eq 1 -a 2 -eq 2 ] && echo and; [ 1 -eq 2 -o 2 -eq 2 ] && echo or; [ ! 1 -eq 2 ] && echo not',
  'test; echo $?; test ""; echo $?; test x; echo $?; [ "(" = "(" ]; echo $?',
  'false; echo $?; true; echo $?; ! true; echo $?; (exit 9); echo $?; nosuchcommand; echo $?',
  'true && false || echo rescued; false || true && echo both; false && echo no; echo $?',
  'set -e; echo before; false; echo after',
  'set -e; false || echo guarded; if false; then :; fi; echo still; (exit 3); echo never',
  'set -u; echo ${nothing:-default}; echo "$unset_here"; echo never',
  'trap "echo bye" EXIT; echo hi; exit 2',
  'x="a  b"; echo $x; echo "$x"; y=$x; echo "$y"; echo \'$x\'; echo "it\'s"; echo a\\ \\ b',
  'echo "q\\"q" \'s"s\'; printf "%s|%s\\n" "a b" c; printf "%d %05d %x %o %c\\n" 42 42 255 8 xyz',
  'printf "%s\\n" a b c; printf "%-5s|%5s|\\n" ab cd; printf "%%\\n"; printf "no newline"; printf "\\n"',
  'printf "%s %s\\n" one; printf "\\101\\t.\\n"; printf "%b\\n" "a\\tb"; printf "%.2s\\n" abcdef',
  'IFS=:; x=a:b::c; set -- $x; echo $#; for i in $x; do echo "<$i>"; done',
  'IFS=" ,"; read a b c <<EOF\nx, y ,z w\nEOF\necho "$a|$b|$c"',
  'read -r l <<EOF\na\\tb\nEOF\nprintf "%s\\n" "$l"',
  'unset x; echo "${x-unset}" "${x:-empty}"; x=; echo "${x-unset}" "${x:-empty}" "${x+set}" "${x:+full}"',
  'unset x; echo ${x:=given}; echo $x; : ${y:=1}; echo $y; echo ${#x}',
  'p=/usr/local/lib/x.so.1; echo ${p##*/} ${p%/*} ${p%%.*} ${p#*/} ${p%.*}',
  'x=abc; y=b; echo ${x%"${y}c"} ${x#a$y}; v=x; eval "echo \\$$v"; eval echo done',
  'a="x y"; b=$(echo "$a"; echo z); echo "$b"; echo $b; echo `echo nested \\`echo tick\\``',
  'echo $(echo a $(echo b $(echo c))); x=$(printf "a\\n\\n\\n"); echo "[$x]"',
  "x=$(exit 5); echo $?; x=1 y=$((x+1)); echo $x $y; x=9 sh -c 'echo $x'; echo $x",
  "export E=1; sh -c 'echo $E'; unset E; sh -c 'echo \"[$E]\"'; readonly R=2; echo $R",
  'echo ~nobodyhere; echo "~"; cd /tmp && cd - >/dev/null; echo $?',
  'if false; then echo 1; elif true; then echo 2; else echo 3; fi; if :; then :; fi; echo $?',
  'until [ "$n" = xxx ]; do n=x$n; echo $n; done',
  'for f in *.none; do echo "$f"; done; touch a.t b.t .h.t; echo *.t; echo [ab].t ?.t "*.t"',
  'echo a#b # comment\necho "#no"; echo x;# c\necho y',
  'echo one \\\n two; x=a\\\nb; echo $x',
  'f() { echo "$#:$*"; }; f "" a; f; f "$@"; g() (echo sub; exit 3); g; echo $?',
  'exec 3> out; echo three >&3; exec 3>&-; cat out; { echo a; echo b; } > both; cat both',
  'echo err 2>&1 >/dev/null; (echo o; echo e >&2) 2>&1 | sort; echo x > /dev/null; echo $?',
  'sh -c "exit 6"; echo $?; sh -c \'echo "$1-$2"\' name a b; echo $$ | grep -c "[0-9]"',
  'true | false; echo $?; false | true; echo $?; echo a | cat | cat; ! echo b | grep -q c; echo $?',
  'echo hello | tr a-z A-Z; echo hello | tr -d l; echo aabbcc | tr -s abc; echo "a b" | tr " " "\\n"',
  'echo a:b:c | cut -d: -f2; echo a:b:c | cut -d: -f1,3; echo a:b:c | cut -d: -f2-; echo abcdef | cut -c2-4; echo nodelim | cut -d: -f2',
  'printf "b\\na\\nc\\na\\n" | sort -u; printf "10\\n9\\n2\\n" | sort -n; printf "10\\n9\\n2\\n" | sort; printf "a 2\\nb 1\\n" | sort -k2',
  'printf "a\\na\\nb\\n" | uniq; printf "a\\na\\nb\\n" | uniq -c; printf "a\\na\\nb\\n" | uniq -d; printf "a:3\\nb:1\\n" | sort -t: -k2 -n',
  'seq 5; seq 2 4; seq 1 2 7; seq 3 -1 1; seq -s, 3; basename /a/b.txt .txt; dirname /a/b/c',
  'seq 9 | head -n 2; seq 9 | head -3; seq 9 | tail -n 2; seq 9 | tail -n +8; seq 9 | wc -l; printf abc | wc -c; echo a b c | wc -w',
  'printf "foo\\nbar\\nbaz\\n" | grep ba; printf "foo\\nbar\\n" | grep -v foo; printf "Foo\\n" | grep -i foo; printf "a\\nb\\n" | grep -n b; echo x | grep -q y; echo $?',
  'printf "a1\\nb22\\n" | grep -E "[0-9]{2}"; printf "a.c\\nabc\\n" | grep -F a.c; printf "foo bar\\n" | grep -o "ba."; printf "a\\nb\\na\\n" | grep -c a; printf "foobar\\nfoo\\n" | grep -w foo; printf "foobar\\nfoo\\n" | grep -x foo',
  'echo hello world | sed s/o/0/; echo hello world | sed s/o/0/g; echo abc | sed "s/\\(b\\)/[\\1]/"; echo abc | sed "s/b/<&>/"; echo a/b | sed "s|/|-|"',
  'seq 5 | sed -n 2,3p; seq 5 | sed 2d; seq 5 | sed -n "/3/p"; seq 5 | sed "\\$d"; seq 3 | sed -e 1d -e s/3/x/; echo abc | sed -E "s/(a)(b)/\\2\\1/"; seq 5 | sed 2q',
  'printf "c\\nb\\n" | tee copy | sort; cat copy; printf "a\\nb\\n" | xargs echo; printf "1 2 3" | xargs -n 1 echo n',
  'echo abc | rev; seq 3 | tac; printf "a\\tb\\n" | cut -f2',
  'type cd >/dev/null && echo known; command -v nosuch || echo unknown; command echo direct; : ; true; echo $?',
  'getopt_like() { while [ $# -gt 0 ]; do case $1 in -a) echo a;; --b=*) echo "b ${1#*=}";; *) echo "rest $1";; esac; shift; done; }; getopt_like -a --b=5 x',
  'n=0; for i in $(seq 1 20); do n=$((n + i)); done; echo $n; x=$((0x1f + 010)); echo $x; echo $((5 > 3 ? 10 : 20))',
  'a=3; echo $((a > 2 && a < 5)) $((!a)) $((~a)) $((a << 2)) $((-a / 2)) $((-7 % 3)) $((1 == 1))',
  'x=1; [ $x -eq 1 ] && { echo grouped; x=2; } || echo no; echo $x; (echo sub; false) || echo caught',
  'sleep 0; wait; true & wait $!; echo $?; (exit 3) & wait $!; echo $?',
  'echo -n abc; echo def; echo; echo " lead"; echo trail" "; echo "tab	in"',
  'find . -name "*.zzz" | wc -l; mkdir q; touch q/1 q/2; find q -type f | sort; find q -name 1; mv q/1 q/3; cp q/2 q/4; ls q',
  'x=abc; while [ -n "$x" ]; do echo $x; x=${x%?}; done; y=aXbXc; echo ${y%%X*} ${y##*X}',
]

/** So many scripts of each sort, the same ones for a seed. */
export function generatedScripts(seed: number, each: number): string[] {
  const random = new RandomStream(seed, 'shell-scripts')
  const makers = [arithmetic, expansion, pipeline, control]
  return makers.flatMap(make => Array.from({ length: each }, () => make(random)))
}

function pick<T>(random: RandomStream, list: readonly T[]): T {
  return list[random.below(list.length)]!
}

function arithmetic(random: RandomStream): string {
  return `a=3 b=7; echo $(( ${expression(random, 3)} )); echo $?`
}

function expression(random: RandomStream, depth: number): string {
  if (depth === 0 || random.chance(0.2)) return pick(random, ['a', 'b', '$a', '0', `${random.below(100)}`])
  const left = expression(random, depth - 1)
  const right = expression(random, depth - 1)
  const known = `${1 + random.below(9)}`
  return pick(random, [
    `(${left}) / ${known}`,
    `(${left}) % ${known}`,
    `(${left}) << ${known}`,
    `(${left}) >> ${known}`,
    `(${left}) ? (${right}) : ${known}`,
    `!(${left})`,
    `~(${left})`,
    `-(${left})`,
    ...['+', '-', '*', '&', '|', '^', '<', '<=', '>', '>=', '==', '!=', '&&', '||'].map(
      operator => `${left} ${operator} (${right})`,
    ),
  ])
}

const VALUES = ['', 'abc', 'a.b.c', '/usr/local/bin', 'x y  z', 'aXbXc', '*', '**.tar.gz', '-n', 'a:b:']
const PATTERNS = ['*', '?', '*.', '.*', '*/', '/*', 'X*', '*X', '[a-c]*', '*[!a-c]', 'a', '"*"', 'a*b', ':*']

function expansion(random: RandomStream): string {
  const operator = pick(random, ['#', '##', '%', '%%', ':-', '-', ':+', '+'])
  const word =
    operator.length <= 2 && /[#%]/.test(operator)
      ? pick(random, PATTERNS)
      : pick(random, ['d', '"d e"', '$w', ''])
  const set = random.chance(0.85) ? `v='${pick(random, VALUES)}'` : 'unset v'
  return `cd /tmp; set -f; w='1 2'; ${set}; echo "[\${v${operator}${word}}]"; for i in \${v${operator}${word}}; do printf '<%s>' "$i"; done; echo \${#v}`
}

const INPUTS = [
  'banana\\napple\\ncherry\\napple\\n',
  '10\\n9\\n100\\n2\\n2\\n',
  'a:1:x\\nb:3:y\\nc:2:z\\n',
  'Hello World\\nfoo bar\\n\\nFOO baz\\n',
  'one two three\\nfour five six\\n',
  '',
]
const STAGES = [
  'sort',
  'sort -r',
  'sort -u',
  'sort -n',
  'sort -rn',
  'uniq',
  'uniq -c',
  'uniq -d',
  'head -n 1',
  'head -n 2',
  'tail -n 1',
  'tail -n 2',
  'tail -n +2',
  'wc -l',
  'cut -d: -f2',
  'cut -d: -f1,3',
  'cut -c1-3',
  'cut -c2-',
  'cut -d" " -f2',
  'tr a-z A-Z',
  'tr -d aeiou',
  'tr " " "\\n"',
  'tr -s "ap"',
  'tr -cd "a-z\\n"',
  'grep a',
  'grep -v a',
  'grep -i foo',
  'grep -c o',
  'grep -n e',
  'grep -E "o{2}|x"',
  'grep -o "[a-z]*o"',
  'grep "^[0-9]*$"',
  'grep -q zzz',
  'sed s/a/A/',
  'sed s/a/A/g',
  'sed -n 1p',
  'sed 1d',
  'sed -n "\\$p"',
  'sed "/foo/d"',
  'sed "s/\\([a-z]\\)\\([a-z]\\)/\\2\\1/"',
  'sed -E "s/[0-9]+/<&>/g"',
  'sed "s/$/!/"',
  'cat',
  'cat -n',
  'rev',
  'while read -r x y; do echo "$y/$x"; done',
  'while IFS=: read a b c; do echo "$b"; done',
  'xargs echo',
  'nl -ba',
  'tac',
  'sed y/abc/xyz/',
]

function pipeline(random: RandomStream): string {
  const stages = Array.from({ length: random.between(1, 3) }, () => pick(random, STAGES))
  return `printf '${pick(random, INPUTS)}' | ${stages.join(' | ')}; echo $?`
}

const CONDITIONS = [
  '[ $n -gt 2 ]',
  '[ "$s" = ab ]',
  'false',
  'true',
  '[ -z "$s" ]',
  '! [ $n -eq 3 ]',
  'test -n "$s" && [ $n -lt 4 ]',
  'case $s in a*) true;; *) false;; esac',
]
const ACTIONS = [
  'n=$((n + 1))',
  's=$s.',
  'echo "$n $s"',
  'f x "$s"',
  ': ',
  's=$(echo $s | tr a-b b-c)',
  '(n=99; echo $n)',
  'return 3 2>/dev/null || :',
]

function control(random: RandomStream): string {
  const prelude = 'n=1 s=ab; f() { echo "f $# $1"; [ $n -gt 2 ] && return 1; n=$((n + 1)); }'
  const statements = Array.from({ length: 3 }, () => statement(random, 2))
  return `${prelude}; main() { ${statements.join('; ')}; }; main; echo "$? $n $s"`
}

function statement(random: RandomStream, depth: number): string {
  if (depth === 0) return pick(random, ACTIONS.slice(0, -1))
  const body = () => statement(random, depth - 1)
  const condition = pick(random, CONDITIONS)
  switch (random.below(6)) {
    case 0:
      return `if ${condition}; then ${body()}; else ${body()}; fi`
    case 1:
      return `for i in 1 "$s" 3; do ${body()}; ${condition} && break; done`
    case 2:
      return `k=0; while [ $k -lt 3 ]; do k=$((k + 1)); ${condition} || continue; ${body()}; done`
    case 3:
      return `case "$n$s" in 1*) ${body()};; *b) ${body()};; *) ${body()};; esac`
    case 4:
      return `${condition} && { ${body()}; } || { ${body()}; }`
    default:
      return `${pick(random, ACTIONS)}; ${body()}`
  }
}
