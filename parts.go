package microroute

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/microroute/microroute/internal/multipart"
	"github.com/microroute/microroute/message"
)

// Part is a field or file of a multipart form as it comes. Reading it reads the connection; what is left unread is
// skipped when the next Part is asked for.
type Part struct {
	Field       string // the name of the form's field
	Name        string // the file's name as the client says, without directories; "" if the part is no file
	ContentType string // the media type as the client says, "" if it does not
	content     *multipart.Part
}

// Read reads the part's content. It fails like Request.Body.
func (p *Part) Read(b []byte) (int, error) {
	n, err := p.content.Read(b)
	if err != nil && err != io.EOF {
		err = formError(err)
	}
	return n, err
}

// inMemory is how much of a form's files is kept in memory; what exceeds it goes to temporary files. It is also what the
// values of its other fields may have together.
const inMemory = 1 << 20

var errNoMultipart = &Error{Status: message.StatusUnsupportedMediaType, Detail: "the content is no multipart/form-data"}

// Parts yields the parts of a multipart form one after the other, without keeping any of them. The last pair has an
// error if the form is malformed, or could not be read.
//
//	for part, err := range c.Request.Parts() {
//		if err != nil {
//			return err
//		}
//		io.Copy(file, part)
//	}
func (r *Request) Parts() iter.Seq2[*Part, error] {
	r.c.live()
	return func(yield func(*Part, error) bool) {
		reader, err := r.multipart()
		if err != nil {
			yield(nil, err)
			return
		}
		for {
			part, err := nextPart(reader)
			if err == io.EOF {
				return
			}
			if !yield(part, err) || err != nil {
				return
			}
		}
	}
}

func (r *Request) multipart() (*multipart.Reader, error) {
	media, _ := message.ParseMediaType(r.Header.Get("Content-Type"))
	if media.Type != typeMultipart {
		return nil, errNoMultipart
	}
	return newParts(r.Body(), media)
}

// newParts returns a reader of the multipart form that content is.
func newParts(content io.Reader, media message.MediaType) (*multipart.Reader, error) {
	boundary, _ := media.Param("boundary")
	reader, err := multipart.NewReader(content, boundary, maxFields)
	if err != nil {
		return nil, formError(err)
	}
	return reader, nil
}

func nextPart(reader *multipart.Reader) (*Part, error) {
	part, err := reader.Next()
	switch {
	case err == io.EOF:
		return nil, err
	case err != nil:
		return nil, formError(err)
	}
	return &Part{part.Name, baseName(part.FileName), part.ContentType, part}, nil
}

// baseName returns a file's name without directories: some clients send them, as their system writes them (RFC 7578 section
// 4.2).
func baseName(name string) string {
	name = strings.TrimRight(name, `/\`)
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

// readParts reads the multipart form of r. Files beyond inMemory go to disk until the exchange is over.
func (f *Form) readParts(r *Request) error {
	reader, err := r.multipart()
	if err != nil {
		return err
	}
	left := int64(inMemory)
	return f.collect(reader, func(file *File, content io.Reader) error {
		var start bytes.Buffer
		n, err := io.CopyN(&start, content, left+1)
		if err == io.EOF {
			file.data, file.Size, left = start.Bytes(), n, left-n
			return nil
		}
		if err != nil {
			return err
		}
		return file.spool(r, io.MultiReader(&start, content))
	})
}

// collect reads all parts; keep takes the content of files.
func (f *Form) collect(reader *multipart.Reader, keep func(*File, io.Reader) error) error {
	values := int64(inMemory)
	for {
		part, err := nextPart(reader)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if part.Name != "" {
			file := &File{Field: part.Field, Name: part.Name, ContentType: part.ContentType}
			err = keep(file, part)
			f.files = append(f.files, file)
		} else {
			var value []byte
			value, err = io.ReadAll(io.LimitReader(part, values+1))
			if values -= int64(len(value)); values < 0 {
				return &Error{Status: message.StatusRequestEntityTooLarge, Detail: "the fields of the form are too long"}
			}
			f.values.Add(part.Field, string(value))
		}
		if err != nil {
			return formError(err)
		}
	}
}

// spool copies content to a temporary file that is removed when the exchange of r is over.
func (f *File) spool(r *Request, content io.Reader) error {
	temporary, err := os.CreateTemp("", "microroute-*")
	if err != nil {
		return &Error{Status: message.StatusInternalServerError, Err: err}
	}
	r.cleanup(func() { os.Remove(temporary.Name()) })
	f.path = temporary.Name()
	f.Size, err = io.Copy(temporary, content)
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if _, onDisk := errors.AsType[*os.PathError](err); onDisk {
		return &Error{Status: message.StatusInsufficientStorage, Err: err}
	}
	return err
}
