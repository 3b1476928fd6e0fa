package microroute

import "github.com/microroute/microroute/message"

// EarlyHints tells the client at once what the response will need, so that it can fetch that while the handler is still at
// work: it sends an interim response with status 103 (RFC 8297). The links are values of a Link field, such as
// "</style.css>; rel=preload; as=style", and will be in the Header of the response, too. It may be called several times,
// with further links each, until the header is sent: then the error is ErrHeaderSent. HTTP/1.0 clients get the Header only.
func (r *Response) EarlyHints(links ...string) error {
	r.c.live()
	if r.headerSent {
		return ErrHeaderSent
	}
	if err := r.sendable(); err != nil || len(links) == 0 {
		return err
	}
	var hints Header
	for _, link := range links {
		hints.Add("Link", link)
		r.Header.Add("Link", link)
	}
	return transportError("send", r.x.Inform(message.StatusEarlyHints, &hints))
}

// Inform sends an interim response at once: a status from 100 to 199, but not 101, and these fields (RFC 9110 section 15.2). It
// may be called any number of times, until the header is sent: then the error is ErrHeaderSent. HTTP/1.0 clients get none.
func (r *Response) Inform(status int, header *Header) error {
	r.c.live()
	if r.headerSent {
		return ErrHeaderSent
	}
	if err := r.sendable(); err != nil {
		return err
	}
	return transportError("send", r.x.Inform(status, header))
}
