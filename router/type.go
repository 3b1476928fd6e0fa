package router

import (
	"math"
	"strconv"
	"strings"
)

// A Type says which texts a variable stands for. None of them stands for an empty text.
type Type uint8

const (
	// String is any text without a slash.
	String Type = iota
	// Int is one or more digits without a sign, with a value that fits an int64.
	Int
	// Float is one or more digits with at most one dot before, between or behind them, without sign or exponent. It is
	// at most 308 bytes long, so that its value is always finite.
	Float
	// Custom is a text that matches a regular expression.
	Custom
	// Path is the rest of the path; it does not begin with a slash.
	Path
)

// String returns the name of the type as it is written in a rule.
func (t Type) String() string {
	switch t {
	case String:
		return "string"
	case Int:
		return "int"
	case Float:
		return "float"
	case Custom:
		return "custom"
	case Path:
		return "path"
	}
	return "Type(" + strconv.Itoa(int(t)) + ")"
}

// typeNamed returns the type with this name.
func typeNamed(name string) (t Type, found bool) {
	for t := String; t <= Path; t++ {
		if t.String() == name {
			return t, true
		}
	}
	return String, false
}

// nearestType returns the type whose name was most likely meant by word, which is String if none is near: it takes the
// most texts. Names that begin alike are nearer than the edits between them tell: str is a string, integer an int.
func nearestType(word string) Type {
	word = strings.ToLower(word)
	nearest, best := String, 3
	for t := String; t <= Path; t++ {
		name := t.String()
		same := 0
		for same < min(len(word), len(name)) && word[same] == name[same] {
			same++
		}
		if d := edits(word, name) - same; d < best {
			nearest, best = t, d
		}
	}
	return nearest
}

// edits returns how many bytes must be inserted, removed or replaced to make b of a (the Levenshtein distance). Row i of
// the usual table tells what it costs to make each beginning of b of the first i bytes of a; only one row is kept.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// takes reports whether a variable of this type can stand for text, which has no slash that separates.
func (t Type) takes(text string, accepts func(string) bool) bool {
	if t == Custom {
		return text != "" && accepts(text)
	}
	shortest, longest := t.lengths(text)
	return longest == len(text) && longest >= shortest
}

// lengths returns how many bytes a variable of this type can take from the start of text: any number from shortest to
// longest. That is none if longest is the smaller one, by 1 then.
func (t Type) lengths(text string) (shortest, longest int) {
	switch t {
	case Int:
		_, longest = leadingInt(text)
	case Float:
		longest = leadingFloat(text)
		if strings.HasPrefix(text, ".") {
			return 2, longest // a dot alone is no number
		}
	default:
		longest = len(text)
	}
	return 1, longest
}

// leadingInt returns the value of the digits that text begins with, as many as fit, and their number.
func leadingInt(text string) (value int64, length int) {
	for length < len(text) && isDigit(text[length]) {
		digit := int64(text[length] - '0')
		if value > (math.MaxInt64-digit)/10 {
			break
		}
		value = value*10 + digit
		length++
	}
	return value, length
}

// maxFloat is the most digits whose value is below the largest float64, 1.8e308.
const maxFloat = 308

// leadingFloat returns how many digits, with at most one dot among them, text begins with.
func leadingFloat(text string) (length int) {
	text = text[:min(len(text), maxFloat)]
	dot := false
	for length < len(text) && (isDigit(text[length]) || text[length] == '.' && !dot) {
		dot = dot || text[length] == '.'
		length++
	}
	return length
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
