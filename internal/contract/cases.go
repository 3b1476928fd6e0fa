// Package contract replays wire cases against a running server: requests byte by byte, and what must come back.
//
// A case is data (testdata/contract/cases.json), so the same file can judge every engine and every transport. The
// package starts no server; it asks the one at an address:
//
//	cases, err := contract.Load("testdata/contract/cases.json")
//	report := contract.Replay{Addr: "127.0.0.1:8080"}.Run(cases)
//	for _, failure := range report.Failures {
//		fmt.Println(failure)
//	}
//
// Replay sends the octets of a case; Messages says the same over HTTP/2, over HTTP/3 or to an http.Handler, as far as it can be
// said there. More cases are in the package routecases below this one, and the App that answers all of them in site.
//
// The cases of the RFC's grammar, which need another runner, are in the package httpcases below this one.
package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// Case is one wire case: a list of requests, and what must come back for each.
type Case struct {
	ID       string    `json:"id"`
	Mode     string    `json:"mode"` // the mode in which the contract app must run
	Root     string    `json:"root"` // the static root, a folder of testdata/contract/site
	Requests []Request `json:"requests"`
}

// Request is every byte that the client sends, and what it expects for them.
type Request struct {
	Raw    []byte `json:"raw_b64"`
	Expect Expect `json:"expect"`
}

// Expect is what a case says about a response. What is nil, empty or false is not looked at; an empty Body that is not
// nil asks for no content.
type Expect struct {
	Status        Statuses          `json:"status"`
	Reason        *string           `json:"reason"`
	MediaType     *string           `json:"ct"` // Content-Type without its parameters
	Fields        map[string]string `json:"headers"`
	Present       []string          `json:"present"`
	Absent        []string          `json:"absent"`
	Body          []byte            `json:"body_b64"`
	BodySHA256    string            `json:"body_sha256"` // in hexadecimal
	ContentLength *int              `json:"content_length"`
	Raw           []byte            `json:"raw_b64"`  // every byte on the wire
	Broken        bool              `json:"broken"`   // the client sees that the body broke off
	NoSecond      bool              `json:"nosecond"` // no second status line inside the body
	Clean         bool              `json:"clean"`    // nothing of an earlier response
	Closed        bool              `json:"closed"`   // the server closes the connection
	Echo          map[string]any    `json:"echo"`     // members of a JSON body
	EchoFields    map[string]any    `json:"echo_headers"`
}

// Statuses are the status codes that a case allows. In the file it is one number or a list.
type Statuses []int

// UnmarshalJSON reads a number or a list of numbers.
func (s *Statuses) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte("[")) {
		return json.Unmarshal(text, (*[]int)(s))
	}
	*s = make(Statuses, 1)
	return json.Unmarshal(text, &(*s)[0])
}

// Load reads a file of cases. A member that this package does not know is an error, lest an expectation be overlooked.
func Load(path string) ([]Case, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	var cases []Case
	if err := decoder.Decode(&cases); err != nil {
		return nil, fmt.Errorf("contract: %s: %w", path, err)
	}
	return cases, nil
}
