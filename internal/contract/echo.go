package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// inEcho compares members of a JSON object in the body with those that were wanted. An app may give a name that has
// one value as that value or as a list of one, and nothing as null, "", 0 or an empty list or object.
func (d *differences) inEcho(kind string, want map[string]any, body []byte, lookup member) {
	if want == nil {
		return
	}
	got, err := decodeObject(body)
	if err != nil {
		d.add("%s: body is no JSON object: %q (%v)", kind, start(body), err)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		wanted := want[name]
		value := unwrap(lookup(got, name), wanted)
		if wantedMembers, ok := wanted.(map[string]any); ok {
			value = unwrapMembers(value, wantedMembers)
		}
		if !(isNothing(value) && isNothing(wanted)) && !same(value, wanted) {
			d.add("%s %s: %v, want %v", kind, name, value, wanted)
		}
	}
}

func decodeObject(text []byte) (map[string]any, error) {
	if !json.Valid(text) {
		return nil, errors.New("not valid")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var object map[string]any
	err := decoder.Decode(&object)
	return object, err
}

// member finds a member of an object by its name.
type member func(object map[string]any, name string) any

func byName(object map[string]any, name string) any { return object[name] }

// byFieldName ignores the case of the name (RFC 9110 section 5.1).
func byFieldName(object map[string]any, name string) any {
	for key, value := range object {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

// unwrap turns a list of one into its value, unless a list is wanted.
func unwrap(value, wanted any) any {
	if _, ok := wanted.([]any); ok {
		return value
	}
	if list, ok := value.([]any); ok && len(list) == 1 {
		return list[0]
	}
	return value
}

func unwrapMembers(value any, wanted map[string]any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	unwrapped := make(map[string]any, len(object))
	for name, value := range object {
		unwrapped[name] = unwrap(value, wanted[name])
	}
	return unwrapped
}

func isNothing(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case json.Number:
		return sameNumber(v, "0")
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// same compares two decoded JSON values; 20 and 20.0 are the same number.
func same(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && sameNumber(a, b)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, same)
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, same)
	}
	return a == b
}

func sameNumber(a, b json.Number) bool {
	m, err1 := a.Int64()
	n, err2 := b.Int64()
	if err1 == nil && err2 == nil {
		return m == n
	}
	x, err1 := a.Float64()
	y, err2 := b.Float64()
	return err1 == nil && err2 == nil && x == y
}
