package httpcases

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// differs compares one response with what was wanted of it and returns the first difference, or "".
func (r *response) differs(want Content) string {
	for _, difference := range []func(Content) string{r.inBody, r.inBodyByStatus, r.inLimits, r.inFields} {
		if why := difference(want); why != "" {
			return why
		}
	}
	if want.Version != nil && !slices.Contains(want.Version, r.version) {
		return fmt.Sprintf("version %s, wanted %s", r.version, want.Version)
	}
	return ""
}

func (r *response) inBody(want Content) string {
	if want.Body != nil && r.status >= 200 && r.status < 300 && !bytes.Equal(r.body, want.Body) {
		return fmt.Sprintf("body %q, wanted %q", start(r.body), start(want.Body))
	}
	if want.BodyLen != nil && r.status < 400 && len(r.body) != *want.BodyLen {
		return fmt.Sprintf("body of %d octets, wanted %d", len(r.body), *want.BodyLen)
	}
	return ""
}

func (r *response) inBodyByStatus(want Content) string {
	if body, ok := want.StatusBody[r.status]; ok && !bytes.Equal(r.body, body) {
		return fmt.Sprintf("body %q with %d, wanted %q", start(r.body), r.status, start(body))
	}
	if n, ok := want.StatusBodyLen[r.status]; ok && len(r.body) != n {
		return fmt.Sprintf("body of %d octets with %d, wanted %d", len(r.body), r.status, n)
	}
	if most, ok := want.StatusBodyLenMax[r.status]; ok && len(r.body) > most {
		return fmt.Sprintf("body of %d octets with %d, wanted %d at most", len(r.body), r.status, most)
	}
	return ""
}

func (r *response) inLimits(want Content) string {
	if want.NoBodyLen != nil && len(r.body) == *want.NoBodyLen && r.status == 200 {
		return "file content returned"
	}
	if want.MaxBody != nil && len(r.body) > *want.MaxBody {
		return fmt.Sprintf("body of %d octets, wanted %d at most", len(r.body), *want.MaxBody)
	}
	if want.BodyNot != nil && bytes.Contains(r.body, want.BodyNot) {
		return fmt.Sprintf("body contains %q", want.BodyNot)
	}
	return ""
}

func (r *response) inFields(want Content) string {
	if r.status < 400 || r.status == 404 {
		if why := r.mismatch(want.Fields); why != "" {
			return why
		}
	}
	if why := r.mismatch(want.FieldsIf[r.status]); why != "" {
		return why
	}
	for _, name := range want.NoFields {
		if value, found := r.fields[name]; found {
			return fmt.Sprintf("unwanted field %s: %q", name, value)
		}
	}
	if location := r.fields["location"]; want.NoLocation != nil && strings.HasPrefix(location, *want.NoLocation) {
		return fmt.Sprintf("location: %q", location)
	}
	if want.AllowIf405 && r.status == 405 && r.fields["allow"] == "" {
		return "405 without Allow"
	}
	return ""
}

// mismatch returns the first field that is missing or does not match its pattern.
func (r *response) mismatch(patterns map[string]*regexp.Regexp) string {
	for _, name := range slices.Sorted(maps.Keys(patterns)) {
		value, found := r.fields[name]
		if !found || !patterns[name].MatchString(value) {
			return fmt.Sprintf("%s: %q does not match %s", name, value, patterns[name])
		}
	}
	return ""
}
