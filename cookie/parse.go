package cookie

import (
	"iter"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// All yields the names and values in a Cookie field (RFC 6265 section 4.2), which are substrings of it, in its order.
// It never fails: white space around names and values and quotes around a value are taken off, pairs without an equals
// sign, without a name or with control characters are left out. Names may occur more than once, and the lines of a
// repeated field are joined with "; ".
func All(field string) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for pair := range strings.SplitSeq(field, ";") {
			if name, value, ok := cutPair(pair); ok && !yield(name, value) {
				return
			}
		}
	}
}

// Find returns the value of the first cookie called name in a Cookie field, the one with the longest path as browsers
// send them (RFC 6265 section 5.4). Names are compared exactly.
func Find(field, name string) (value string, ok bool) {
	for n, v := range All(field) {
		if n == name {
			return v, true
		}
	}
	return "", false
}

func cutPair(pair string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(pair, "=")
	name, value = ascii.TrimOWS(name), ascii.TrimOWS(value)
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		value = value[1 : len(value)-1]
	}
	return name, value, ok && name != "" && !hasControl(name) && !hasControl(value)
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}
