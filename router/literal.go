package router

import "strings"

// literals finds nodes by text. The texts are sorted by length first, so that a search is among those of its own length,
// mostly one to five: with a map instead, a look-up takes a seventh longer among many routes and twice as long among few.
type literals struct {
	sorted []literal
	starts []int // starts[n] texts are shorter than n bytes, for n up to the longest text's length + 1
}

type literal struct {
	text string
	node *node
}

// find returns the node with this text, or nil, and its place, or where it would be.
func (l *literals) find(text string) (n *node, place int) {
	if len(text)+1 >= len(l.starts) {
		return nil, len(l.sorted)
	}
	low, high := l.starts[len(text)], l.starts[len(text)+1]
	for low < high {
		i := (low + high) / 2
		switch c := strings.Compare(text, l.sorted[i].text); {
		case c == 0:
			return l.sorted[i].node, i
		case c < 0:
			high = i
		default:
			low = i + 1
		}
	}
	return nil, low
}

// add returns the node with this text, which is made if there is none.
func (l *literals) add(text string) *node {
	n, place := l.find(text)
	if n != nil {
		return n
	}
	for len(l.starts) < len(text)+2 {
		l.starts = append(l.starts, len(l.sorted))
	}
	for length := len(text) + 1; length < len(l.starts); length++ {
		l.starts[length]++
	}
	n = new(node)
	l.sorted = insert(l.sorted, place, literal{text, n})
	return n
}
