package router

import (
	"cmp"
	"slices"
	"strings"
)

// A segment is what a rule has between two slashes: texts and variables in turn. <int:a>-<int:b>.html has the texts "",
// "-", ".html" and the types Int, Int.
type segment struct {
	texts   []string // one more than types; only the first and the last may be empty
	types   []Type
	pattern string // of a custom variable, which is the only one of its segment
	plain   bool   // just one string variable, as most are: known beforehand, that saves a fifth of a look-up
}

func (s *segment) isLiteral() bool { return len(s.types) == 0 }

// compare is negative if s is more specific than other, and 0 only if they match the same texts.
func (s *segment) compare(other *segment) int {
	for i := range s.texts {
		if c := compareTexts(s.texts[i], other.texts[i]); c != 0 {
			return c
		}
		if i == len(s.types) || i == len(other.types) {
			break
		}
		if c := cmp.Compare(s.types[i].rank(), other.types[i].rank()); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(other.types), len(s.types)), strings.Compare(s.pattern, other.pattern))
}

// compareTexts puts the longer text first. Two texts of one length never match the same path, so their order is
// arbitrary, but always the same.
func compareTexts(a, b string) int {
	return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
}

// rank is lower for the more specific type.
func (t Type) rank() int {
	return slices.Index([]Type{Int, Float, Custom, String, Path}, t)
}

// A span is a piece of a text, without the byte at end.
type span struct{ begin, end int }

// match reports whether the segment matches all of text[at:end], and leaves where its variables are in spans. Only a
// segment with a custom variable needs accepts.
func (s *segment) match(text string, at, end int, accepts func(string) bool, spans []span) bool {
	if s.plain {
		spans[0] = span{at, end}
		return at < end
	}
	before, behind := s.texts[0], s.texts[len(s.types)]
	if end-at < len(before)+len(behind) ||
		text[at:at+len(before)] != before || text[end-len(behind):end] != behind {
		return false
	}
	at += len(before)
	end -= len(behind)
	if len(s.types) > 1 {
		return s.split(text, at, end, spans)
	}
	spans[0] = span{at, end}
	return s.types[0].takes(text[at:end], accepts)
}

// split distributes text[at:end] among several variables, each as long as it can be, the leftmost first.
//
// It tries the ends that a variable can have from the right: with <string:a>-<string:b>-<int:c> and x-1-y-2-3 it puts
// a's end before the last dash, where b finds no dash, then before the one ahead, where b and c fit. Whether the rest
// fits behind an end depends on that end alone and not on where the variable begins. So an end that failed once has
// failed for good: low remembers the lowest one tried, each is tried once for each variable, and the whole takes time
// proportional to the text. (A plain search takes time like the length to the power of the number of variables.)
func (s *segment) split(text string, at, end int, spans []span) bool {
	var (
		low   [maxVariables]int // no end of variable i at low[i] or above is left to try
		floor [maxVariables]int // the lowest end of variable i, where it begins now
		last  = len(s.types) - 1
	)
	for i := range s.types {
		low[i] = end + 1
	}
	for i, begin := 0, at; ; i++ { // variable i begins at begin
		// An end that is too far for this beginning is too far for every earlier one, for the text only gets longer.
		// What is too near may do for an earlier one: a dot alone is no float, but 1. is. It stays below floor.
		shortest, longest := s.types[i].lengths(text[begin : low[i]-1])
		if i == last && longest >= shortest && begin+longest == end {
			break
		}
		low[i] = begin + longest + 1
		floor[i] = begin + shortest
		if i == last {
			low[i] = floor[i] // it must reach the end, which it does not
		}
		for !s.lowerEnd(text[:end], i, &low[i], floor[i]) {
			if i--; i < 0 {
				return false
			}
		}
		begin = low[i] + len(s.texts[i+1])
	}
	for i := range last {
		spans[i] = span{at, low[i]}
		at = low[i] + len(s.texts[i+1])
	}
	spans[last] = span{at, end}
	return true
}

// lowerEnd lowers low to the next end of variable i that has the right text behind it, and reports whether there is one.
func (s *segment) lowerEnd(text string, i int, low *int, floor int) bool {
	for *low > floor {
		*low--
		if strings.HasPrefix(text[*low:], s.texts[i+1]) {
			return true
		}
	}
	return false
}
