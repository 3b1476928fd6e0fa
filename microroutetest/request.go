package microroutetest

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
)

// Request is a request that is under way: its content is sent piece by piece, before the answer comes or while it is read.
type Request struct {
	client   *Client
	name     string // method and target
	cancel   context.CancelFunc
	content  *content       // nil if it has none
	interim  chan *Response // closed when nothing more can come
	answered chan struct{}  // closed when there is an answer, or never will be
	answer   *http.Response
	err      error
	stream   *Stream
}

// Open begins a request and returns at once. The content goes in chunks, except that GET and HEAD have none, and that a
// Content-Length among the fields is kept. The fields are names and values by turns; one called Trailer announces those
// that End sends. What is still under way at the end of the test is given up.
func (c *Client) Open(method, target string, fields ...string) *Request {
	c.t.Helper()
	r := &Request{
		client:   c,
		name:     method + " " + target,
		interim:  make(chan *Response, maxInterim),
		answered: make(chan struct{}),
	}
	ctx, cancel := context.WithCancel(context.Background())
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: r.inform})
	var body io.Reader
	if method != http.MethodGet && method != http.MethodHead {
		r.content = newContent()
		body = r.content
	}
	request := c.newRequest(ctx, method, target, body, fields)
	if r.content != nil {
		r.content.announced = request.Trailer
	}
	r.cancel = cancel
	go func() {
		defer close(r.answered)
		defer close(r.interim)
		r.answer, r.err = c.http.Do(request)
	}()
	c.t.Cleanup(r.Close)
	return r
}

// Send sends a piece of the content, and returns when it is on its way. An error says that the App takes no more; the
// answer may tell why.
func (r *Request) Send(piece string) error {
	r.client.t.Helper()
	if r.content == nil {
		r.client.t.Fatalf("%s: such a request has no content", r.name)
	}
	_, err := io.WriteString(r.content.in, piece)
	return err
}

// End ends the content, with the values of those fields behind it that have been announced: names and values by turns.
func (r *Request) End(trailer ...string) {
	r.client.t.Helper()
	fields := pairs(r.client.t, trailer)
	for name := range fields {
		if r.content == nil || !r.content.announces(name) {
			r.client.t.Fatalf("%s: %s must be announced by a Trailer field", r.name, name)
		}
	}
	if r.content != nil {
		r.content.trailer = fields
		r.content.in.Close()
	}
}

// maxInterim is how many interim responses may wait for somebody who asks for them.
const maxInterim = 64

// Interim waits for the next interim response, such as 103 (Early Hints). It returns nil when the answer has come and all
// have been seen.
func (r *Request) Interim() *Response { return <-r.interim }

// inform is told of interim responses.
func (r *Request) inform(status int, header textproto.MIMEHeader) error {
	response := &Response{Status: status, Header: http.Header(header), t: r.client.t, request: r.name}
	select {
	case r.interim <- response:
		return nil
	default:
		return errors.New("too many interim responses")
	}
}

// Answer waits for the head of the answer. The test ends if there is none.
func (r *Request) Answer() *Stream {
	r.client.t.Helper()
	<-r.answered
	if r.err != nil {
		r.client.t.Fatalf("%s: %v", r.name, cause(r.err))
	}
	if r.stream == nil {
		r.stream = newStream(r)
	}
	return r.stream
}

// Close gives the request up, as a client that leaves: the connection is closed, and the Context of the handler ends.
// Closing twice is harmless, and so is closing what is complete.
func (r *Request) Close() {
	r.cancel()
	if r.content != nil {
		r.content.in.CloseWithError(context.Canceled)
	}
	<-r.answered
	if r.answer != nil {
		r.answer.Body.Close()
	}
}

// content is the content of a request on its way from the test to the client.
type content struct {
	*io.PipeReader
	in        *io.PipeWriter
	announced http.Header // the request's Trailer
	trailer   http.Header // what becomes of it
}

func newContent() *content {
	out, in := io.Pipe()
	return &content{PipeReader: out, in: in}
}

func (c *content) announces(name string) bool {
	_, announced := c.announced[name]
	return announced
}

// Read fills in the trailer at the end: not before, since the client is still reading the names.
func (c *content) Read(p []byte) (int, error) {
	n, err := c.PipeReader.Read(p)
	if err == io.EOF {
		maps.Copy(c.announced, c.trailer)
	}
	return n, err
}
