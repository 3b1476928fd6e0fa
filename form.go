package microroute

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"strconv"

	"github.com/microroute/microroute/message"
)

// Form is what the client has sent as a form: fields of an urlencoded or multipart form, or the members of a JSON object.
type Form struct {
	values message.Args
	json   map[string]any
	files  []*File
}

// The media types that Form reads.
const (
	typeURLEncoded = "application/x-www-form-urlencoded"
	typeMultipart  = "multipart/form-data"
	typeJSON       = "application/json"
)

// maxFields is how many fields and files a form may have.
const maxFields = 1000

// Form returns the content as a form: application/x-www-form-urlencoded, multipart/form-data or application/json; of any
// other type, an empty Form. Large files of a multipart form are kept on disk until the handler returns; to have them as
// a stream, use Parts. It fails like Body, and with an *Error of Status 400 if the content is malformed. The Form is read
// once and then returned as often as it is asked for.
func (r *Request) Form() (*Form, error) {
	r.c.live()
	if r.form == nil && r.formErr == nil {
		r.form, r.formErr = r.readForm()
	}
	return r.form, r.formErr
}

func (r *Request) readForm() (*Form, error) {
	f := &Form{}
	contentType, _ := message.ParseMediaType(r.Header.Get("Content-Type"))
	switch contentType.Type {
	case typeURLEncoded:
		data, err := r.BorrowData()
		if err != nil {
			return nil, err
		}
		return f, f.parse(string(data))
	case typeJSON:
		data, err := r.BorrowData()
		if err != nil {
			return nil, err
		}
		return f, f.parseJSON(data)
	case typeMultipart:
		return f, f.readParts(r)
	}
	return f, nil
}

// LoadFormData returns the Form that data is if its media type is contentType, as Request.Form does for a request. A
// multipart form's files are kept in memory.
func LoadFormData(contentType string, data []byte) (*Form, error) {
	f := &Form{}
	media, _ := message.ParseMediaType(contentType)
	switch media.Type {
	case typeURLEncoded:
		return f, f.parse(string(data))
	case typeJSON:
		return f, f.parseJSON(data)
	case typeMultipart:
		return f, f.load(data, media)
	}
	return nil, fmt.Errorf("microroute: no form: %q", contentType)
}

func (f *Form) parse(query string) error {
	f.values.Parse(query)
	if f.values.Len() > maxFields {
		return formError(errTooManyFields)
	}
	return nil
}

// parseJSON reads an object; no content at all is one without fields, as in the other kinds of forms.
func (f *Form) parseJSON(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // a float64 would lose digits of large integers
	err := decoder.Decode(&f.json)
	if err == nil && decoder.More() {
		err = errors.New("more than one value")
	}
	if _, other := errors.AsType[*json.UnmarshalTypeError](err); other {
		return &Error{message.StatusBadRequest, "malformed form: not a JSON object", err}
	}
	if err != nil {
		return formError(err)
	}
	return nil
}

var errTooManyFields = fmt.Errorf("more than %d fields", maxFields)

// formError is err, or an Error if err is none.
func formError(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{message.StatusBadRequest, "malformed form: " + err.Error(), err}
}

// Get returns the first value of the field called name, "" if there is none. A JSON value that is not a string is
// returned as JSON.
func (f *Form) Get(name string) string {
	if v, ok := f.json[name]; ok {
		return jsonText(v)
	}
	return f.values.Get(name)
}

// Values returns all values of the field called name; the elements of a JSON array.
func (f *Form) Values(name string) []string {
	v, ok := f.json[name]
	if !ok {
		return f.values.Values(name)
	}
	list, ok := v.([]any)
	if !ok {
		return []string{jsonText(v)}
	}
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = jsonText(list[i])
	}
	return texts
}

// Has reports whether there is a field called name.
func (f *Form) Has(name string) bool {
	_, ok := f.json[name]
	return ok || f.values.Has(name)
}

// All yields the name and value of every field: a string, or for JSON what encoding/json decodes, with json.Number for
// numbers, sorted by name.
func (f *Form) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for name, value := range f.values.All() {
			if !yield(name, value) {
				return
			}
		}
		for _, name := range slices.Sorted(maps.Keys(f.json)) {
			if !yield(name, f.json[name]) {
				return
			}
		}
	}
}

// File returns the first file of the field called name; if there is none, an *Error of Status 400, for clients decide what
// they send.
func (f *Form) File(name string) (*File, error) {
	for _, file := range f.files {
		if file.Field == name {
			return file, nil
		}
	}
	return nil, &Error{Status: message.StatusBadRequest, Detail: "the form has no file " + strconv.Quote(name)}
}

// Files returns all files in the order in which they were sent.
func (f *Form) Files() []*File { return f.files }

func jsonText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	text, _ := json.Marshal(v) // it came from JSON
	return string(text)
}

// File is a file that was sent with a multipart form. It can be opened until the handler has returned.
type File struct {
	Field       string // the name of the form's field
	Name        string // the file's name as the client says, without directories; not to be trusted as a path
	ContentType string // the media type as the client says
	Size        int64  // octets

	data []byte
	path string // of the temporary file, if it is too large for data
}

// Open returns the content from its start. The caller closes it.
func (f *File) Open() (io.ReadSeekCloser, error) {
	if f.path != "" {
		return os.Open(f.path)
	}
	return nopCloser{bytes.NewReader(f.data)}, nil
}

// Save writes the content to a new file at path; it is an error if there is one already.
func (f *File) Save(path string) error {
	from, err := f.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		os.Remove(path)
		return err
	}
	return to.Close()
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// load reads the parts of a multipart form that is in memory.
func (f *Form) load(data []byte, media message.MediaType) error {
	reader, err := newParts(bytes.NewReader(data), media)
	if err != nil {
		return err
	}
	return f.collect(reader, func(file *File, content io.Reader) (err error) {
		file.data, err = io.ReadAll(content)
		file.Size = int64(len(file.data))
		return err
	})
}
