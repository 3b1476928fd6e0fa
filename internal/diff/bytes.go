package diff

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
)

const (
	rowSize = 16 // octets
	maxRows = 4
)

// Bytes shows octets around the first difference in hexadecimal: the row before it, and then rows of want behind "- ",
// rows of got behind "+ ", and those that are equal behind two spaces. It returns "" if all octets are equal.
func Bytes(want, got []byte) string {
	if bytes.Equal(want, got) {
		return ""
	}
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	var out strings.Builder
	first := max(0, at/rowSize-1)
	for i := first; i < first+maxRows; i++ {
		a, b := row(want, i), row(got, i)
		if bytes.Equal(a, b) {
			writeRow(&out, Equal, i, a)
			continue
		}
		writeRow(&out, Want, i, a)
		writeRow(&out, Got, i, b)
	}
	return out.String()
}

// row returns the i-th row of octets, which is short or empty at their end.
func row(octets []byte, i int) []byte {
	return octets[min(i*rowSize, len(octets)):min((i+1)*rowSize, len(octets))]
}

func writeRow(out *strings.Builder, op Op, i int, octets []byte) {
	if len(octets) > 0 {
		dump := hex.Dump(octets)[len("00000000"):]
		fmt.Fprintf(out, "%c %08x%s", op, i*rowSize, dump)
	}
}
