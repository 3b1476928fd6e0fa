// Package httpcases scores an HTTP/1.1 server with requests written byte by byte, most of them wrong in one place, and
// the outcomes that RFC 9110 and RFC 9112 allow for each.
//
// The cases are data (testdata/http and testdata/rfc of the parent folder). The server under test answers GET / with hello,
// echoes POST /echo up to 1 MiB, and serves /static/hello.txt, a file of 1000 bytes with a Last-Modified of long ago.
//
//	cases, err := httpcases.Load("testdata/http/cases.json")
//	for _, r := range httpcases.Run("127.0.0.1:8080", cases) {
//		if r.Verdict == httpcases.Fail {
//			fmt.Println(r.Case.Level, r.Case.ID, r.Why)
//		}
//	}
package httpcases

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
)

// The levels of a case.
const (
	Must   = "MUST"   // the RFC requires it
	Should = "SHOULD" // the RFC asks for it, or for 400 to this error of grammar
	Harden = "HARDEN" // the RFC allows leniency, a hardened origin refuses
)

// Case is one connection: what the client sends, and how the server may answer.
type Case struct {
	ID        string    `json:"id"`
	Group     string    `json:"group"`
	Level     string    `json:"level"`
	RFC       string    `json:"rfc"` // number and section
	Raw       Octets    `json:"raw"`
	Segments  []Segment `json:"segments"`   // instead of Raw
	HalfClose bool      `json:"half_close"` // after the last octet the client ends its side
	Methods   []string  `json:"methods"`    // of the requests, in order; by default the first one's, then GET
	Needs     []string  `json:"needs"`      // validators of the file: lm, etag, strong-etag
	Expect    Expect    `json:"expect"`

	// Piece is how many octets of a segment are sent at a time, all of them if it is 0.
	Piece int `json:"-"`
}

// Segment is one write, and what the client waits for behind it.
type Segment struct {
	Raw     Octets `json:"raw"`
	PauseMS int    `json:"pause_ms"`
	Await   string `json:"await"` // "await-100": until a 100 or a final response has come
}

// Expect is what a case says about the answer. The fields up to Note concern the connection, those of content the
// first final response; Then concerns the ones behind it.
type Expect struct {
	Status       []int    `json:"status"`    // allowed for the first final response; empty: none is wanted
	StatusOr     []int    `json:"status_or"` // fine if a response comes although none is wanted
	AllowClose   bool     `json:"allow_close"`
	AllowWait    bool     `json:"allow_wait"` // the server may wait for more octets
	AllowH2      bool     `json:"allow_h2"`   // the server may answer with an HTTP/2 SETTINGS frame
	Connection   string   `json:"connection"` // "close", "keep" or "any"
	Responses    Count    `json:"responses"`  // final ones, by default 1
	Then         []Expect `json:"then"`
	ThenOptional bool     `json:"then_optional"`
	Interim      []int    `json:"interim"`  // exactly these 1xx; nil: any
	QuietMS      *int     `json:"quiet_ms"` // nothing may arrive earlier
	Note         string   `json:"note"`
	Content
}

// Content is what a case says about one response.
type Content struct {
	Body             Octets                            `json:"body"`     // of a 2xx
	BodyLen          *int                              `json:"body_len"` // below 400
	NoBodyLen        *int                              `json:"no_body_len"`
	MaxBody          *int                              `json:"max_body"`
	BodyNot          Octets                            `json:"body_not"` // nowhere inside
	StatusBody       map[int]Octets                    `json:"status_body"`
	StatusBodyLen    map[int]int                       `json:"status_body_len"`
	StatusBodyLenMax map[int]int                       `json:"status_body_len_max"`
	Fields           map[string]*regexp.Regexp         `json:"headers"` // below 400 and with 404
	FieldsIf         map[int]map[string]*regexp.Regexp `json:"headers_if"`
	NoFields         []string                          `json:"no_headers"`
	NoLocation       *string                           `json:"no_location"`  // no redirect to what begins so
	AllowIf405       bool                              `json:"allow_if_405"` // a 405 carries Allow
	Version          []string                          `json:"version"`
}

// Load reads a file of cases. A member of a case that this package does not know is an error, lest an expectation be
// overlooked.
func Load(path string) ([]Case, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("httpcases: %w", err)
	}
	var file struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("httpcases: %s: %w", path, err)
	}
	cases := make([]Case, len(file.Cases))
	for i, one := range file.Cases {
		decoder := json.NewDecoder(bytes.NewReader(one))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&cases[i]); err != nil {
			return nil, fmt.Errorf("httpcases: %s: case %d: %w", path, i, err)
		}
	}
	return cases, nil
}
