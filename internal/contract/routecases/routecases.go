// Package routecases has wire cases for the routes of the contract that the recorded ones leave out. They are written in Go,
// where a case is a line. All are for mode plain and the folder www.
package routecases

import (
	"slices"

	"github.com/microroute/microroute/internal/contract"
)

// All returns the cases. They are the caller's own.
func All() []contract.Case {
	cases := slices.Clone(bodyCases)
	for _, r := range slices.Concat(responses, files, rules) {
		cases = append(cases, r.asCase())
	}
	return cases
}

// oneRequest makes a case of a request, whose answer must have nothing of an earlier one.
func oneRequest(id, raw string, expect contract.Expect) contract.Case {
	expect.Clean = expect.Status != nil // no answer may be wanted
	return contract.Case{ID: id, Mode: "plain", Root: "www", Requests: []contract.Request{{Raw: []byte(raw), Expect: expect}}}
}

// is expects a status and a body.
func is(status int, body string) contract.Expect {
	return contract.Expect{Status: contract.Statuses{status}, Body: []byte(body)}
}

// status expects a status, whatever the body.
func status(codes ...int) contract.Expect { return contract.Expect{Status: codes} }

// aborted expects a status, a body if that is not empty, and that the connection ends.
func aborted(status int, body string) contract.Expect {
	x := contract.Expect{Status: contract.Statuses{status}, Closed: true}
	if body != "" {
		x.Body = []byte(body)
	}
	return x
}

func withFields(x contract.Expect, namesAndValues ...string) contract.Expect {
	x.Fields = make(map[string]string)
	for i := 0; i < len(namesAndValues); i += 2 {
		x.Fields[namesAndValues[i]] = namesAndValues[i+1]
	}
	return x
}

func withType(x contract.Expect, mediaType string) contract.Expect {
	x.MediaType = &mediaType
	return x
}

// echoes expects an echo with these variables.
func echoes(variables map[string]any) contract.Expect {
	return contract.Expect{Status: contract.Statuses{200}, Echo: map[string]any{"vars": variables}}
}

// echoesForm expects an echo with this form.
func echoesForm(values map[string]any) contract.Expect {
	return contract.Expect{Status: contract.Statuses{200}, Echo: map[string]any{"form": values}}
}
