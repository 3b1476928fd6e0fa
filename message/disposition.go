package message

import (
	"strings"
	"unicode/utf8"

	"github.com/microroute/microroute/internal/ascii"
)

// ContentDisposition returns the value of a Content-Disposition field (RFC 6266). The kind is "attachment", which asks the
// client to save the content, or "inline", which leaves it to the client; what is no token counts as "attachment". The file
// name is what the client is to save it as; "" proposes none.
//
//	ContentDisposition("attachment", "Größe.csv") // attachment; filename="Gr__e.csv"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.csv
//
// A name that not every client would read alike is sent twice: in ASCII for old clients, with an underscore for what that
// cannot say, and as UTF-8 for the others (RFC 8187). Slashes, backslashes and control characters, which no client would
// keep in a name, are underscores in both, and what is no UTF-8 is U+FFFD.
func ContentDisposition(kind, filename string) string {
	if !ascii.IsToken(kind) {
		kind = "attachment"
	}
	if filename == "" {
		return kind
	}
	name := strings.Map(fileNameRune, filename)
	plain := strings.Map(plainNameRune, name)
	value := kind + `; filename="` + plain + `"`
	if plain != name {
		value += "; filename*=UTF-8''" + encode(name, attrChars)
	}
	return value
}

// attrChars is what an ext-value may hold as it is besides letters and digits (RFC 8187 section 3.2.1).
const attrChars = "!#$&+-.^_`|~"

// fileNameRune returns what stands for r in the name of a file: a name is no path, and one line.
func fileNameRune(r rune) rune {
	switch {
	case r < ' ', 0x7f <= r && r < 0xa0, r == '/', r == '\\':
		return '_'
	}
	return r
}

// plainNameRune returns what stands for r where clients do not agree on what a quote, a percent sign or an octet beyond
// ASCII means (RFC 6266 appendix D).
func plainNameRune(r rune) rune {
	if r == '"' || r == '%' || r >= utf8.RuneSelf {
		return '_'
	}
	return r
}
