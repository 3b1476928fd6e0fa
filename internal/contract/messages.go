package contract

import (
	"cmp"
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Messages says how to replay cases over what carries messages and no octets: HTTP/2, HTTP/3, or an http.Handler without any
// connection.
//
// What such a response cannot have is not looked at: a reason phrase, the Connection field, an end of the connection. Where a
// case wants no response, there must be an error; where it wants a broken one, an error while the content is read. Requests that
// cannot be said in messages are listed in Report.Left.
type Messages struct {
	Transport http.RoundTripper // asked by several goroutines
	Origin    string            // of the server: "https://127.0.0.1:8443"
	Proto     string            // what the server calls the protocol: "HTTP/2.0"

	// Lossy is for transports on which a response that breaks off may take along what has been sent of it before: a QUIC
	// stream that is reset (RFC 9000 section 19.4).
	Lossy bool

	// Limit is how long to wait for a response, by default 5 seconds.
	Limit time.Duration

	// Workers is how many cases run at a time, by default 32.
	Workers int
}

// Run replays the cases and returns when all are done. It may be called from several goroutines.
func (m Messages) Run(cases []Case) Report { return runAll(cases, m.Workers, m.run) }

func (m Messages) run(r *Report, one Case) {
	for i, request := range one.Requests {
		expect, err := request.Expect.ofMessage(m.Proto)
		var texts []string
		if err == nil {
			texts, err = m.try(request.Raw, expect)
		}
		if err != nil {
			r.Left = append(r.Left, Failure{one.ID, i + 1, err.Error()})
			continue
		}
		r.add(one, i, texts)
	}
}

// try makes a request and returns the differences from what was expected. The error is why it cannot be made.
func (m Messages) try(raw []byte, expect Expect) (texts []string, err error) {
	ctx, giveUp := context.WithTimeout(context.Background(), cmp.Or(m.Limit, defaultLimit))
	defer giveUp()
	request, err := translate(ctx, raw, m.Origin)
	if err != nil {
		return nil, err
	}
	a, cause := m.ask(request, giveUp)
	if m.Lossy && expect.Broken {
		expect = Expect{Broken: true}
		if a.response == nil && a.end == reset {
			return nil, nil
		}
	}
	texts = check(expect, a, raw)
	if cause != nil && len(texts) > 0 {
		texts = append(texts, cause.Error())
	}
	return texts, nil
}

// ask makes a request. A message has an end of its own, so after a complete answer it makes no difference what becomes of the
// connection: it counts as closed. The error is why the answer is not complete.
func (m Messages) ask(request *http.Request, giveUp context.CancelFunc) (answer, error) {
	got, err := m.Transport.RoundTrip(request)
	if err != nil {
		return answer{end: endOf(request.Context())}, err
	}
	defer got.Body.Close()
	defer giveUp() // before Close, which may wait for the content of the request
	r := &response{status: got.StatusCode}
	for _, name := range slices.Sorted(maps.Keys(got.Header)) {
		for _, value := range got.Header[name] {
			r.fields = append(r.fields, field{name, value})
		}
	}
	if r.body, err = io.ReadAll(got.Body); err != nil {
		r.framing = cut
		return answer{end: endOf(request.Context()), response: r}, err
	}
	return answer{end: closed, response: r}, nil
}

// endOf tells a transport that failed from one that was given up.
func endOf(ctx context.Context) ending {
	if ctx.Err() != nil {
		return open
	}
	return reset
}
