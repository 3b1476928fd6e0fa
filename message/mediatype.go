package message

import (
	"iter"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// MediaType is a media type with its parameters (RFC 9110 section 8.3.1), as in a Content-Type field.
type MediaType struct {
	Type       string // type and subtype in small letters, "text/html"; "" if there is none
	parameters string // well-formed, from the first semicolon on
}

// maxParameters is what ParseMediaType accepts. The types in use have up to three; the bound keeps the search for
// repeated names from growing with the square of what a client sends.
const maxParameters = 16

// ParseMediaType reads the value of a Content-Type field, and is false if it is malformed. So is one that gives a
// parameter twice: who reads the first and who reads the last would see two messages.
func ParseMediaType(value string) (m MediaType, ok bool) {
	mediaType, parameters, ok := cutType(ascii.TrimOWS(value))
	if !ok {
		return MediaType{}, false
	}
	var names [maxParameters]string
	count := 0
	for rest := parameters; rest != ""; {
		var name string
		name, _, rest, ok = cutParameter(rest)
		if !ok {
			return MediaType{}, false
		}
		if name == "" {
			continue
		}
		if count == maxParameters || containsFold(names[:count], name) {
			return MediaType{}, false
		}
		names[count] = name
		count++
	}
	return MediaType{strings.ToLower(mediaType), parameters}, true
}

// Param returns the value of the parameter called name, in whatever case, without the quotes and backslashes of a
// quoted string.
func (m MediaType) Param(name string) (value string, ok bool) {
	for n, v := range m.rawParams() {
		if ascii.EqualFold(n, name) {
			return ascii.Unquote(v), true
		}
	}
	return "", false
}

// Params yields the name, in small letters, and the value of every parameter in order, each name once.
func (m MediaType) Params() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for name, value := range m.rawParams() {
			if !yield(strings.ToLower(name), ascii.Unquote(value)) {
				return
			}
		}
	}
}

func (m MediaType) rawParams() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for rest := m.parameters; rest != ""; {
			var name, value string
			name, value, rest, _ = cutParameter(rest)
			if name != "" && !yield(name, value) {
				return
			}
		}
	}
}

// cutType splits type "/" subtype off the start of s.
func cutType(s string) (mediaType, rest string, ok bool) {
	slash := ascii.TokenLen(s)
	if slash == 0 || slash == len(s) || s[slash] != '/' {
		return "", s, false
	}
	end := slash + 1 + ascii.TokenLen(s[slash+1:])
	return s[:end], s[end:], end > slash+1
}

func containsFold(names []string, name string) bool {
	for _, n := range names {
		if ascii.EqualFold(n, name) {
			return true
		}
	}
	return false
}
