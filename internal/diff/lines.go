// Package diff shows where two texts differ, to people who want to know why a test has failed.
package diff

import (
	"slices"
	"strings"
)

// Line is a line of two texts that are compared, with its line break.
type Line struct {
	Op   Op
	Text string
}

// Op says which of the two texts has a line.
type Op byte

// A line is in both texts, or only in the one that is wanted, or only in the one that was got.
const (
	Equal Op = ' '
	Want  Op = '-'
	Got   Op = '+'
)

// Lines returns the lines of both texts in their order, with as many equal ones as there can be; texts that differ in more
// than maxEdits lines have none between the first and the last that differ. Those of want come before those of got.
func Lines(want, got string) []Line {
	a, b := split(want), split(got)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	var lines []Line
	lines = add(lines, Equal, a[:start])
	lines = append(lines, middle(a[start:len(a)-end], b[start:len(b)-end])...)
	return add(lines, Equal, a[len(a)-end:])
}

// split cuts a text behind its line breaks.
func split(text string) []string { return slices.Collect(strings.Lines(text)) }

func add(lines []Line, op Op, texts []string) []Line {
	for _, text := range texts {
		lines = append(lines, Line{op, text})
	}
	return lines
}

// maxEdits is how many lines may differ before they are not compared any more. Time and memory grow with its square.
const maxEdits = 1000

// middle compares texts whose first and last lines differ.
//
// It looks for the shortest way through a grid whose columns are the lines of a and whose rows are those of b (Myers, An
// O(ND) Difference Algorithm, 1986). A step to the right drops a line of a, a step down takes one of b; where two lines are
// equal, the way goes on diagonally, which costs nothing. From "tea, milk" to "milk, sugar" it is right (no tea), diagonal
// (milk) and down (sugar): two steps. For each number of steps it notes how far they can lead on each diagonal, where x
// lines of a and x-k of b are behind, until they lead to the last corner.
func middle(a, b []string) []Line {
	var reached [][]int // after d steps on diagonal k: x, at [d][k+d]
	for d := 0; d <= min(len(a)+len(b), maxEdits); d++ {
		row := make([]int, 2*d+1)
		reached = append(reached, row)
		for k := -d; k <= d; k += 2 {
			x := 0
			if d > 0 {
				x, _ = step(reached[d-1], d, k)
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			row[k+d] = x
			if x >= len(a) && x-k >= len(b) {
				return walkBack(a, b, reached)
			}
		}
	}
	return add(add(nil, Want, a), Got, b)
}

// step returns how far the d-th step leads on diagonal k, given how far those before it have led, and from which diagonal
// it comes: from k-1 to the right or from k+1 down. Where right and down lead to the same place as down and right, it is
// the former.
func step(before []int, d, k int) (x, from int) {
	at := func(k int) int { return before[k+d-1] }
	if k == -d || k != d && at(k-1) < at(k+1) {
		return at(k + 1), k + 1
	}
	return at(k-1) + 1, k - 1
}

// walkBack returns the lines along the way that has reached the corner.
func walkBack(a, b []string, reached [][]int) []Line {
	var lines []Line // the last comes first
	x, k := len(a), len(a)-len(b)
	for d := len(reached) - 1; d >= 0; d-- {
		began, from := 0, 0
		if d > 0 {
			began, from = step(reached[d-1], d, k)
		}
		for ; x > began; x-- {
			lines = append(lines, Line{Equal, a[x-1]})
		}
		switch {
		case d == 0:
		case from < k:
			x--
			lines = append(lines, Line{Want, a[x]})
		default:
			lines = append(lines, Line{Got, b[x-k-1]})
		}
		k = from
	}
	slices.Reverse(lines)
	return lines
}
