package main

import (
	"strings"

	"rsc.io/qr"
)

// quietZone is the white margin of a QR code, in modules (ISO/IEC 18004 section 5.3.8).
const quietZone = 4

// qrCode returns the text as a QR code of lines for a terminal, black on white whatever its colors are. A character has two
// modules, one above the other.
func qrCode(text string) (string, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return "", err
	}
	const blackOnWhite, plain = "\x1b[30;107m", "\x1b[0m"
	var b strings.Builder
	for y := -quietZone; y < code.Size+quietZone; y += 2 {
		b.WriteString(blackOnWhite)
		for x := -quietZone; x < code.Size+quietZone; x++ {
			switch upper, lower := code.Black(x, y), code.Black(x, y+1); {
			case upper && lower:
				b.WriteRune('█')
			case upper:
				b.WriteRune('▀')
			case lower:
				b.WriteRune('▄')
			default:
				b.WriteByte(' ')
			}
		}
		b.WriteString(plain + "\n")
	}
	return b.String(), nil
}
