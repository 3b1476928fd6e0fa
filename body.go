package microroute

import (
	"io"
	"slices"
	"sync"
)

// body is the content of a request as a stream, up to the limit of its route.
type body struct {
	request *Request
	read    int64 // octets so far
	err     error
}

// firstRead is what Data allocates for content of unknown length.
const firstRead = 4 << 10

// Read reads content.
func (b *body) Read(p []byte) (int, error) {
	r := b.request
	r.c.live()
	if r.hasData {
		return b.reread(p)
	}
	if b.err != nil {
		return 0, b.err
	}
	if b.read == 0 {
		r.x.Limit(r.limit)
	}
	n, err := r.x.Read(p)
	b.read += int64(n)
	b.err = contentError(err)
	return n, b.err
}

// BodyLimit returns how many octets of body are read at most; a negative number stands for any number.
func (r *Request) BodyLimit() int64 { return r.limit }

// SetBodyLimit sets how many octets of body are read at most, in place of Limits.Body; a negative n lifts the limit. It must be
// called before the body is read.
func (r *Request) SetBodyLimit(n int64) {
	r.c.live()
	r.limit = n
}

// reread reads what Data has read.
func (b *body) reread(p []byte) (int, error) {
	r := b.request
	if r.dataErr != nil {
		return 0, r.dataErr
	}
	if b.read >= int64(len(r.data)) {
		return 0, io.EOF
	}
	n := copy(p, r.data[b.read:])
	b.read += int64(n)
	return n, nil
}

// all reads all of the content, to where space begins if there is any. Its length is only believed as far as the limit goes,
// and memory is taken as it comes.
func (b *body) all(space []byte) ([]byte, error) {
	length := b.request.head.ContentLength
	if length == 0 {
		return nil, nil
	}
	size := int64(firstRead)
	if length > 0 {
		size = min(length, 64*firstRead)
	}
	data := slices.Grow(space[:0], int(size))
	for {
		if len(data) == cap(data) {
			more := 3 * len(data)
			if length > 0 {
				more = min(more, int(length)-len(data))
			}
			data = slices.Grow(data, more)
		}
		n, err := b.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF || err == nil && int64(len(data)) == length {
			b.read = 0 // Body begins anew
			return data, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// contents is memory for the contents of requests, as *[]byte.
var contents = sync.Pool{New: func() any { return new([]byte) }}

// maxContent is up to how many octets are kept for the next request. The garbage collector frees what is not used.
const maxContent = 16 << 20

// takeBack ends the lending of some. A program that is looking for mistakes finds zeros in what it should not have kept.
func takeBack(lent *[]byte) {
	switch {
	case raceDetector:
		clear(*lent)
	case cap(*lent) <= maxContent:
		contents.Put(lent)
	}
}
