package microroute_test

import (
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"os"
	"path/filepath"
	"strings"

	"github.com/microroute/microroute"
)

// upload returns a multipart form with a field and a file, as a browser sends it, and its type.
func upload(field, value, fileName, content string) (contentType, body string) {
	var b strings.Builder
	w := multipart.NewWriter(&b)
	if err := w.WriteField(field, value); err != nil {
		log.Panic(err)
	}
	file, err := w.CreateFormFile("picture", fileName)
	if err != nil {
		log.Panic(err)
	}
	io.WriteString(file, content)
	w.Close()
	return w.FormDataContentType(), b.String()
}

func ExampleForm() {
	app := microroute.New()
	app.Post("/gallery", func(c *microroute.Context) (string, error) {
		form, err := c.Request.Form()
		if err != nil {
			return "", err
		}
		picture, err := form.File("picture")
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s: %s, %d bytes", form.Get("title"), picture.Name, picture.Size), nil
	})

	contentType, body := upload("title", "Leaves", "leaves.png", "\x89PNG...")
	post(app, "/gallery", contentType, body)
	// Output:
	// 200 OK
	// Leaves: leaves.png, 7 bytes
}

func ExampleForm_Get() {
	form, err := microroute.LoadFormData("application/json", []byte(`{"tea": "Assam", "cups": 2, "milk": true}`))

	fmt.Println(form.Get("tea"), form.Get("cups"), form.Get("milk"), form.Get("sugar") == "", err)
	// Output:
	// Assam 2 true true <nil>
}

func ExampleForm_Values() {
	form, err := microroute.LoadFormData("application/x-www-form-urlencoded", []byte("extra=milk&extra=sugar"))

	fmt.Println(form.Values("extra"), form.Values("tea"), err)
	// Output:
	// [milk sugar] [] <nil>
}

func ExampleForm_Has() {
	form, err := microroute.LoadFormData("application/x-www-form-urlencoded", []byte("tea=Assam&milk"))

	fmt.Println(form.Has("milk"), form.Has("sugar"), err)
	// Output:
	// true false <nil>
}

func ExampleForm_All() {
	form, err := microroute.LoadFormData("application/x-www-form-urlencoded", []byte("tea=Assam&extra=milk&extra=sugar"))

	for name, value := range form.All() {
		fmt.Println(name, value)
	}
	fmt.Println(err)
	// Output:
	// tea Assam
	// extra milk
	// extra sugar
	// <nil>
}

func ExampleForm_File() {
	form, err := microroute.LoadFormData(loadable("leaves.png", "\x89PNG..."))
	if err != nil {
		fmt.Println(err)
		return
	}

	picture, err := form.File("picture")
	fmt.Println(picture.Name, picture.ContentType, picture.Size, err)
	_, err = form.File("invoice")
	fmt.Println(err)
	// Output:
	// leaves.png application/octet-stream 7 <nil>
	// 400 Bad Request: the form has no file "invoice"
}

func ExampleForm_Files() {
	form, err := microroute.LoadFormData(loadable("leaves.png", "\x89PNG..."))
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, file := range form.Files() {
		fmt.Println(file.Field, file.Name)
	}
	// Output:
	// picture leaves.png
}

// loadable returns a multipart form with a file for LoadFormData.
func loadable(fileName, content string) (contentType string, data []byte) {
	contentType, body := upload("title", "Leaves", fileName, content)
	return contentType, []byte(body)
}

func ExampleFile() {
	app := microroute.New()
	app.Post("/gallery", func(c *microroute.Context) (io.Reader, error) {
		form, err := c.Request.Form()
		if err != nil {
			return nil, err
		}
		picture, err := form.File("picture")
		if err != nil {
			return nil, err
		}
		c.Response.MIMEType = picture.ContentType
		return picture.Open()
	})

	contentType, body := upload("title", "Leaves", "leaves.txt", "(picture of leaves)")
	post(app, "/gallery", contentType, body, "Content-Type")
	// Output:
	// 200 OK
	// Content-Type: application/octet-stream
	// (picture of leaves)
}

func ExampleFile_Open() {
	form, err := microroute.LoadFormData(loadable("notes.txt", "three minutes"))
	if err != nil {
		fmt.Println(err)
		return
	}
	picture, err := form.File("picture")
	if err != nil {
		fmt.Println(err)
		return
	}
	content, err := picture.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer content.Close()

	text, err := io.ReadAll(content)
	fmt.Printf("%s %v\n", text, err)
	// Output:
	// three minutes <nil>
}

func ExampleFile_Save() {
	dir, err := os.MkdirTemp("", "gallery")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	app := microroute.New()
	app.Post("/gallery", func(c *microroute.Context) (string, error) {
		form, err := c.Request.Form()
		if err != nil {
			return "", err
		}
		picture, err := form.File("picture")
		if err != nil {
			return "", err
		}
		// The name is the client's choice, so it does not become the name of a file.
		return "saved", picture.Save(filepath.Join(dir, "1.png"))
	})

	contentType, body := upload("title", "Leaves", "../../etc/passwd", "\x89PNG...")
	post(app, "/gallery", contentType, body)
	saved, err := os.ReadFile(filepath.Join(dir, "1.png"))
	fmt.Println(len(saved), err)
	// Output:
	// 200 OK
	// saved
	// 7 <nil>
}

func ExamplePart() {
	app := microroute.New()
	app.Post("/upload", func(c *microroute.Context) (string, error) {
		for part, err := range c.Request.Parts() {
			if err != nil {
				return "", err
			}
			if part.Name != "" {
				return part.Field + " " + part.Name + " " + part.ContentType, nil
			}
		}
		return "no file", nil
	})

	contentType, body := upload("title", "Leaves", "leaves.png", "\x89PNG...")
	post(app, "/upload", contentType, body)
	// Output:
	// 200 OK
	// picture leaves.png application/octet-stream
}

func ExamplePart_Read() {
	app := microroute.New()
	app.Post("/upload", func(c *microroute.Context) (string, error) {
		for part, err := range c.Request.Parts() {
			if err != nil {
				return "", err
			}
			if start := make([]byte, 4); part.Field == "picture" {
				_, err := io.ReadFull(part, start)
				return fmt.Sprintf("begins with %q", start), err
			}
		}
		return "no picture", nil
	})

	contentType, body := upload("title", "Leaves", "leaves.png", "\x89PNG...")
	post(app, "/upload", contentType, body)
	// Output:
	// 200 OK
	// begins with "\x89PNG"
}

func ExampleLoadFormData() {
	form, err := microroute.LoadFormData("application/x-www-form-urlencoded", []byte("tea=Earl+Grey"))
	fmt.Println(form.Get("tea"), err)

	_, err = microroute.LoadFormData("image/png", nil)
	fmt.Println(err)
	// Output:
	// Earl Grey <nil>
	// microroute: no form: "image/png"
}
