package contract_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/microroute/microroute/internal/contract"
)

// carrier is a transport that is a function.
type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

// answering returns a transport whose answer is always the same.
func answering(status int, header http.Header, body io.Reader) carrier {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(body)}, nil
	}
}

func TestMessagesFindEachDifference(t *testing.T) {
	fine, dial := "Fine", errors.New("no way")
	none, cut := http.Header{}, iotest.ErrReader(errors.New("cut"))
	failing := carrier(func(*http.Request) (*http.Response, error) { return nil, dial })
	waiting := carrier(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	partial := func() io.Reader { return io.MultiReader(strings.NewReader("par"), cut) }
	tests := []struct {
		name      string
		transport carrier
		lossy     bool
		expect    contract.Expect
		want      []string // a part of each failure; nil: the case passes
	}{
		{"status", answering(200, none, http.NoBody), false, contract.Expect{Status: contract.Statuses{201}}, []string{"status 200"}},
		{"field", answering(200, http.Header{"X": {"1"}}, http.NoBody), false,
			contract.Expect{Fields: map[string]string{"x": "2"}}, []string{`x: "1", want "2"`}},
		{"body", answering(200, none, strings.NewReader("a")), false, contract.Expect{Body: []byte("b")}, []string{`body "a"`}},
		{"no reason, connection or end", answering(200, none, http.NoBody), false, contract.Expect{
			Reason: &fine, Closed: true, Fields: map[string]string{"Connection": "keep-alive"}, Status: contract.Statuses{200}}, nil},
		{"own protocol", answering(200, none, strings.NewReader(`{"proto":"HTTP/5.0"}`)), false,
			contract.Expect{Echo: map[string]any{"proto": "HTTP/1.1"}}, nil},
		{"cut", answering(200, none, partial()), false, contract.Expect{Body: []byte("par")}, []string{"missing", "cut"}},
		{"cut as wanted", answering(200, none, partial()), false, contract.Expect{Body: []byte("par"), Broken: true}, nil},
		{"complete, wanted cut", answering(200, none, http.NoBody), false, contract.Expect{Broken: true}, []string{"looks complete"}},
		{"complete, wanted cut, lossy", answering(200, none, http.NoBody), true, contract.Expect{Broken: true}, []string{"looks complete"}},
		{"cut early, lossy", answering(200, none, partial()), true, contract.Expect{Body: []byte("partial"), Broken: true}, nil},
		{"no response", failing, false, contract.Expect{Body: []byte{}}, []string{"no response", "no way"}},
		{"no response, wanted cut", failing, false, contract.Expect{Broken: true}, []string{"no response", "no way"}},
		{"no response, wanted cut, lossy", failing, true, contract.Expect{Broken: true}, nil},
		{"no response as wanted", failing, false, contract.Expect{Closed: true}, nil},
		{"response, none wanted", answering(200, none, http.NoBody), false, contract.Expect{Closed: true}, []string{"without a response"}},
		{"silence", waiting, false, contract.Expect{Closed: true}, []string{"no response", "deadline"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := contract.Messages{Transport: test.transport, Origin: "http://a", Proto: "HTTP/5.0", Lossy: test.lossy}
			if test.name == "silence" {
				m.Limit = time.Millisecond
			}
			report := m.Run(one(test.expect))
			if report.Requests != 1 || !matches(report.Failures, test.want) {
				t.Errorf("got %d requests, failures %q, want 1, %q", report.Requests, report.Failures, test.want)
			}
		})
	}
}

// The message is that of the octets: its target as it came, its content with or without a length.
func TestMessagesAreTranslated(t *testing.T) {
	for raw, want := range map[string]string{
		"GET /a%2Fb?c;d=%zz HTTP/1.1\r\nHost: h\r\n\r\n":                                      `GET h /a%2Fb?c;d=%zz 0 "" map[]`,
		"GET //a HTTP/1.1\r\nHost: h\r\n\r\n":                                                 `GET h //a 0 "" map[]`,
		"GET /..\\a? HTTP/1.1\r\nHost: h\r\n\r\n":                                             `GET h /..\a? 0 "" map[]`,
		"GET http://i/a HTTP/1.1\r\nHost: h\r\n\r\n":                                          `GET i /a 0 "" map[]`,
		"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n":                                               `OPTIONS h * 0 "" map[]`,
		"get / HTTP/1.1\r\nHost: h\r\nx: 1\r\nX: 2\r\nConnection: close\r\n\r\n":              `get h / 0 "" map[X:[1 2]]`,
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab":                           `POST h / 2 "ab" map[Content-Length:[2]]`,
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n": `POST h / -1 "a" map[]`,
	} {
		var got string
		transport := carrier(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			got = fmt.Sprintf("%s %s %s %d %q %v", r.Method, r.Host, r.URL.RequestURI(), r.ContentLength, body, r.Header)
			return nil, errors.Join(err, io.EOF)
		})
		report := contract.Messages{Transport: transport, Origin: "https://server"}.Run(requests(raw))
		if len(report.Left) > 0 || got != want {
			t.Errorf("%q: got %s, left %q, want %s", raw, got, report.Left, want)
		}
	}
}

// Content that does not come is waited for, as long as the answer is.
func TestMessagesWaitForContent(t *testing.T) {
	transport := carrier(func(r *http.Request) (*http.Response, error) {
		go io.Copy(io.Discard, r.Body)
		return &http.Response{StatusCode: 413, Body: http.NoBody}, nil
	})
	cases := requests("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na")
	cases[0].Requests[0].Expect = contract.Expect{Status: contract.Statuses{413}}
	if report := (contract.Messages{Transport: transport}).Run(cases); len(report.Failures) > 0 || report.Requests != 1 {
		t.Errorf("got %+v, want one request and no failure", report)
	}
}

// What cannot be said in a message is not asked, and not forgotten.
func TestMessagesLeaveOut(t *testing.T) {
	asked := carrier(func(r *http.Request) (*http.Response, error) {
		t.Errorf("%s was asked for", r.URL)
		return nil, io.EOF
	})
	for raw, want := range map[string]string{
		"GET /\r\n\r\n": "malformed",
		"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n": "malformed",
		"GET / HTTP/1.1\r\n\r\n":                                 "no Host",
		"GET / HTTP/1.0\r\nHost: h\r\n\r\n":                      "HTTP/1.0",
	} {
		report := contract.Messages{Transport: asked}.Run(requests(raw))
		if report.Requests != 0 || !matches(report.Left, []string{want}) {
			t.Errorf("%q: %d requests, left %q, want none, %q", raw, report.Requests, report.Left, want)
		}
	}
	cases := one(contract.Expect{Raw: []byte("octets")})
	if report := (contract.Messages{Transport: asked}).Run(cases); report.Requests != 0 || !matches(report.Left, []string{"octets"}) {
		t.Errorf("octets expected: %d requests, left %q, want none, 1", report.Requests, report.Left)
	}
}

// requests makes a case of one request.
func requests(raw string) []contract.Case {
	return []contract.Case{{ID: "one", Requests: []contract.Request{{Raw: []byte(raw)}}}}
}
