package message

import (
	"iter"
	"strings"
)

// Args is a list of named values: the parameters of a query, or the fields of a form. Names are compared exactly, order
// and repeats are kept. The zero Args is empty and ready for use.
type Args struct {
	pairs   []pair
	request *Request // whose query is still to be parsed
}

type pair struct{ name, value string }

// ParseArgs reads name=value pairs that are separated by '&', and decodes escapes and '+' in both. A name without '=' has
// the value "". Empty pairs are left out. Nothing is copied but what has to be decoded.
func ParseArgs(query string) Args {
	var a Args
	a.Parse(query)
	return a
}

// Parse replaces what is in a with the pairs of query, as ParseArgs does, reusing a's memory.
func (a *Args) Parse(query string) {
	a.Clear()
	for query != "" {
		var one string
		one, query, _ = strings.Cut(query, "&")
		if one != "" {
			name, value, _ := strings.Cut(one, "=")
			a.pairs = append(a.pairs, pair{DecodeQuery(name), DecodeQuery(value)})
		}
	}
}

// Get returns the first value of name, or "".
func (a *Args) Get(name string) string {
	for _, p := range a.load() {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// Has reports whether there is a pair called name.
func (a *Args) Has(name string) bool {
	for _, p := range a.load() {
		if p.name == name {
			return true
		}
	}
	return false
}

// Values returns all values of name in their order, nil if there is none. The slice is the caller's.
func (a *Args) Values(name string) []string {
	var values []string
	for _, p := range a.load() {
		if p.name == name {
			values = append(values, p.value)
		}
	}
	return values
}

// All yields every name and value in order.
func (a *Args) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for _, p := range a.load() {
			if !yield(p.name, p.value) {
				return
			}
		}
	}
}

// Len returns the number of pairs.
func (a *Args) Len() int { return len(a.load()) }

// Add appends a pair.
func (a *Args) Add(name, value string) { a.pairs = append(a.load(), pair{name, value}) }

// Clear removes every pair and keeps the memory for the next ones.
func (a *Args) Clear() {
	clear(a.pairs)
	a.pairs, a.request = a.pairs[:0], nil
}

// of makes a the parameters of r's query.
func (a *Args) of(r *Request) {
	a.Clear()
	a.request = r
}

// load parses the query if that has not been done.
func (a *Args) load() []pair {
	if r := a.request; r != nil {
		a.Parse(r.Query())
	}
	return a.pairs
}
