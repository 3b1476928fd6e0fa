package listing

import (
	"encoding/json"
	"io"
	"time"
)

// document is a directory as JSON. The url of an entry is relative to that of the directory; it also names what cannot be
// said in JSON, such as a name that is no UTF-8.
type document struct {
	Path    string          `json:"path"`
	Entries []documentEntry `json:"entries"`
}

type documentEntry struct {
	Name     string    `json:"name"`
	Type     string    `json:"type"` // "directory" or "file"
	URL      string    `json:"url"`
	Size     *int64    `json:"size,omitempty"` // of a file, in octets
	Modified time.Time `json:"modified,omitzero"`
}

// JSON writes the directory as a document for programs, with a line end behind it:
//
//	{"path":"/photos/","entries":[
//		{"name":"2026","type":"directory","url":"./2026/","modified":"2026-11-23T09:12:00Z"},
//		{"name":"a b.jpg","type":"file","url":"./a%20b.jpg","size":48213,"modified":"2026-11-23T09:12:00Z"}]}
func JSON(w io.Writer, d Directory) error {
	d.sort()
	doc := document{d.Path, make([]documentEntry, len(d.Entries))}
	for i, e := range d.Entries {
		entry := documentEntry{Name: e.Name, Type: "file", URL: e.link(), Size: &d.Entries[i].Size, Modified: e.ModTime.UTC()}
		if e.IsDir {
			entry.Type, entry.Size = "directory", nil
		}
		doc.Entries[i] = entry
	}
	return json.NewEncoder(w).Encode(doc)
}
