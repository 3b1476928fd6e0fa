package microroutetest

import (
	"bufio"
	"io"
	"strings"
)

// Stream is an answer that is read while it comes. Its Status and Header are there from the beginning; Body is what has
// been read so far, and Trailer is there when that is all.
type Stream struct {
	Response
	from   *Request
	reader *bufio.Reader
	text   strings.Builder
}

// Stream sends a request without content and returns when the head of its answer is there. The fields are names and values
// by turns. The test ends if there is no answer. To send content, use Open.
func (c *Client) Stream(method, target string, fields ...string) *Stream {
	c.t.Helper()
	r := c.Open(method, target, fields...)
	r.End()
	return r.Answer()
}

func newStream(r *Request) *Stream {
	return &Stream{
		Response: *r.client.response(r.answer, r.name),
		from:     r,
		reader:   bufio.NewReader(r.answer.Body),
	}
}

// Read reads what comes next, as an io.Reader does. An answer that is broken off ends with io.ErrUnexpectedEOF.
func (s *Stream) Read(p []byte) (int, error) {
	n, err := s.reader.Read(p)
	s.took(p[:n], err)
	return n, err
}

// took takes note of what has been read.
func (s *Stream) took(octets []byte, err error) {
	s.text.Write(octets)
	s.Body = s.text.String()
	if err == io.EOF {
		s.Trailer = s.from.answer.Trailer
	}
}

// Line waits for the next line and returns it without its line break. The test ends if there is none.
func (s *Stream) Line() string {
	s.t.Helper()
	line, err := s.reader.ReadString('\n')
	s.took([]byte(line), err)
	if err != nil && (err != io.EOF || line == "") {
		s.t.Fatalf("%s: waiting for a line: %s", s.request, ended(err))
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
}

// WantNext waits for as much as the text has, or for something else, and compares them.
func (s *Stream) WantNext(text string) {
	s.t.Helper()
	var err error
	var p report
	got := make([]byte, 0, len(text))
	for len(got) < len(text) && strings.HasPrefix(text, string(got)) && err == nil {
		var n int
		n, err = s.Read(got[len(got):len(text)])
		got = got[:len(got)+n]
	}
	if string(got) != text {
		p.text("next", string(got), text)
		if err != nil {
			p.line("%s", ended(err))
		}
	}
	s.reportAs(&p)
}

// Rest waits for the end and returns what is before it. The test ends if the answer is broken off.
func (s *Stream) Rest() string {
	s.t.Helper()
	rest, err := io.ReadAll(s)
	if err != nil {
		s.t.Fatalf("%s: behind %q: %s", s.request, s.Body, ended(err))
	}
	return string(rest)
}

// Close leaves: if the answer is not complete, the connection is closed, and the Context of the handler ends. Closing
// twice is harmless.
func (s *Stream) Close() { s.from.Close() }

// ended says how a stream has ended.
func ended(err error) string {
	if err == io.EOF {
		return "the answer has ended"
	}
	return "the answer is broken off: " + err.Error()
}
