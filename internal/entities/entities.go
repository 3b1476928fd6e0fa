// Package entities decodes the character references of HTML: &eacute; and &#233; are é. Package html does so as well, but
// imported it is 68 KB of every program, whether that decodes anything or not. Here the linker leaves out what is not used.
package entities

import (
	"slices"
	"strings"
	"unicode"

	"github.com/microroute/microroute/internal/ascii"
)

//go:generate go run generate.go

// Decode returns text with its references replaced by the characters they stand for (HTML Standard section 13.2.5.72, as
// in text, not in attributes). What looks like a reference and is none stays as it is.
func Decode(text string) string {
	before, rest, found := strings.Cut(text, "&")
	if !found {
		return text
	}
	var b strings.Builder
	for ; found; before, rest, found = strings.Cut(rest, "&") {
		b.WriteString(before)
		characters, length := reference(rest)
		if length == 0 {
			characters = "&"
		}
		b.WriteString(characters)
		rest = rest[length:]
	}
	b.WriteString(before)
	return b.String()
}

// reference returns what a reference stands for that text begins with, behind its &, and its length, 0 if it is none.
func reference(text string) (characters string, length int) {
	if strings.HasPrefix(text, "#") {
		return numeric(text)
	}
	return named(text)
}

// maxBare is the length of the longest names that do without a semicolon.
const maxBare = len("Aacute")

// named reads a name and its semicolon, or else the longest name without one that text begins with: &notit; is ¬it;.
func named(text string) (characters string, length int) {
	end := nameLen(text)
	if strings.HasPrefix(text[end:], ";") {
		if characters, _ := find(text[:end]); characters != "" {
			return characters, end + 1
		}
	}
	for end = min(end, maxBare); end > 0; end-- {
		if characters, bare := find(text[:end]); bare {
			return characters, end
		}
	}
	return "", 0
}

// find returns what a name stands for, "" if it is none, and whether it does without a semicolon.
func find(name string) (characters string, bare bool) {
	i, found := slices.BinarySearchFunc(table[:], name, func(entry, name string) int {
		return strings.Compare(entry[:nameLen(entry)], name)
	})
	if !found {
		return "", false
	}
	entry := table[i][len(name):]
	return entry[1:], entry[0] == ' '
}

// nameLen returns how many letters and digits text begins with.
func nameLen(text string) int {
	for i := range len(text) {
		if c := ascii.Lower(text[i]); !ascii.IsDigit(c) && (c < 'a' || c > 'z') {
			return i
		}
	}
	return len(text)
}

// numeric reads a number, decimal or hexadecimal, and its semicolon, if it has one.
func numeric(text string) (character string, length int) {
	begin, base := len("#"), rune(10)
	if len(text) > begin && ascii.Lower(text[begin]) == 'x' {
		begin, base = begin+1, 16
	}
	number, end := rune(0), begin
	for ; end < len(text); end++ {
		digit, ok := ascii.Hex(text[end])
		if !ok || rune(digit) >= base {
			break
		}
		number = min(number*base+rune(digit), unicode.MaxRune+1)
	}
	if end == begin {
		return "", 0
	}
	if strings.HasPrefix(text[end:], ";") {
		end++
	}
	return meant(number), end
}

// windows1252 is what the control characters from U+0080 to U+009F stand for, where they stand for others.
var windows1252 = [...]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8D, 'Ž', 0x8F,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9D, 'ž', 'Ÿ',
}

// meant returns the character with a number, U+FFFD in place of NUL and of numbers that no character has (HTML Standard
// section 13.2.5.80).
func meant(number rune) string {
	switch {
	case number == 0:
		number = unicode.ReplacementChar
	case number >= 0x80 && number <= 0x9F:
		number = windows1252[number-0x80]
	}
	return string(number)
}
