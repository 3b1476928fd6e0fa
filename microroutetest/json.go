package microroutetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isJSON reports whether a media type is JSON or built upon it (RFC 6839 section 3.1).
func isJSON(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"))
}

// jsonOf returns what parseJSON does for a value, or for JSON in a string.
func jsonOf(value any) (any, error) {
	if text, ok := value.(string); ok {
		return parseJSON(text)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return parseJSON(string(text))
}

// parseJSON returns the value of a JSON text, in which equal numbers are spelled in the same way.
func parseJSON(text string) (any, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("it is not UTF-8") // RFC 8259 section 8.1
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		if err == io.EOF {
			err = errors.New("it is empty")
		}
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("there is something behind the value")
	}
	return normalized(value), nil
}

func normalized(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			value[name] = normalized(member)
		}
	case []any:
		for i, element := range value {
			value[i] = normalized(element)
		}
	case json.Number:
		return json.Number(normalNumber(string(value)))
	}
	return value
}

// normalNumber spells a number so that equal ones are spelled alike, however large: 1.50, 15e-1 and 1.5 are 1.5.
func normalNumber(text string) string {
	digits, negative := strings.CutPrefix(text, "-")
	exponent := 0 // of ten, by which the digits are multiplied
	if e := strings.IndexAny(digits, "eE"); e >= 0 {
		n, err := strconv.Atoi(digits[e+1:])
		if err != nil {
			return text
		}
		digits, exponent = digits[:e], n
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	exponent -= len(fraction)
	digits = strings.TrimLeft(whole+fraction, "0")
	short := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(short)
	sign := ""
	if negative {
		sign = "-"
	}
	const most = 20 // zeros that are written out
	switch point := len(short) + exponent; {
	case short == "":
		return "0"
	case exponent >= 0 && exponent <= most:
		return sign + short + strings.Repeat("0", exponent)
	case exponent < 0 && point > 0:
		return sign + short[:point] + "." + short[point:]
	case exponent < 0 && point > -most:
		return sign + "0." + strings.Repeat("0", -point) + short
	}
	return fmt.Sprintf("%s%se%d", sign, short, exponent)
}

// indented returns a value with a line for each member and element, members sorted by name.
func indented(value any) string { return encoded(value, "  ") }

// compact returns a value on one line.
func compact(value any) string { return strings.TrimSuffix(encoded(value, ""), "\n") }

func encoded(value any, indent string) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	encoder.Encode(value) // what has been decoded can be encoded
	return text.String()
}

// firstDifference returns the way to where two values begin to differ, such as .teas[1].name; "" if they do as a whole.
func firstDifference(a, b any) string {
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok {
			return firstMember(a, b)
		}
	case []any:
		if b, ok := b.([]any); ok {
			return firstElement(a, b)
		}
	}
	return ""
}

func firstMember(a, b map[string]any) string {
	both := maps.Clone(a)
	maps.Copy(both, b)
	for _, name := range slices.Sorted(maps.Keys(both)) {
		x, inA := a[name]
		y, inB := b[name]
		switch {
		case inA != inB:
			return step(name)
		case !reflect.DeepEqual(x, y):
			return step(name) + firstDifference(x, y)
		}
	}
	return ""
}

func firstElement(a, b []any) string {
	for i := range max(len(a), len(b)) {
		switch {
		case i == len(a) || i == len(b):
			return fmt.Sprintf("[%d]", i)
		case !reflect.DeepEqual(a[i], b[i]):
			return fmt.Sprintf("[%d]", i) + firstDifference(a[i], b[i])
		}
	}
	return ""
}

// step is the way to a member: in quotes if the name is not a word.
func step(name string) string {
	isWord := name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if isWord {
		return "." + name
	}
	return fmt.Sprintf("[%q]", name)
}
