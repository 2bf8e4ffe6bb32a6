// Receives DocExtract webhooks with net/http. The signature check is crypto/hmac alone;
// this module needs nothing but the standard library.
//
//	WEBHOOK_SECRET=whsec_… PORT=8000 go run .
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

const (
	bodyBytesMax = 5 << 20
	seenMax      = 100_000
)

// line is what the receiver prints for each request.
type line struct {
	Accepted  bool   `json:"accepted"`
	ID        string `json:"id"`
	Event     string `json:"event"`
	Delivery  string `json:"delivery"`
	Attempt   int    `json:"attempt"`
	Duplicate bool   `json:"duplicate,omitempty"`
}

// signatureIsGood checks X-DocExtract-Signature: hex HMAC-SHA256 of the raw body. The key is the whole
// secret string, "whsec_" included. body must be the bytes as received: decoded and written again
// they differ.
func signatureIsGood(secret string, body []byte, signature string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	expected := hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(expected), []byte(signature)) // constant time; false on unequal lengths
}

// seenIDs remembers the last seenMax ids. Deliveries repeat: a retry or a replay carries the id of its
// event again. Several processes share a table with a unique key on the id instead, written in the
// same transaction as what you do with the event.
type seenIDs struct {
	mu    sync.Mutex
	ids   map[string]bool
	order []string // a ring once it is full
	next  int
}

func (s *seenIDs) isDuplicate(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids[id] {
		return true
	}
	s.ids[id] = true
	if len(s.order) < seenMax {
		s.order = append(s.order, id)
		return false
	}
	delete(s.ids, s.order[s.next])
	s.order[s.next] = id
	s.next = (s.next + 1) % seenMax
	return false
}

func main() {
	secret := os.Getenv("WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("Set WEBHOOK_SECRET to the webhook's secret, as shown when you created it (whsec_…).")
	}
	seen := &seenIDs{ids: map[string]bool{}}
	var stdout sync.Mutex

	mux := http.NewServeMux()
	mux.HandleFunc("/webhooks/docextract", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "POST only", http.StatusMethodNotAllowed)
			return
		}
		// The bytes as they came. A json.Decoder on r.Body here would lose them.
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyBytesMax))
		if err != nil {
			http.Error(w, "body too large or cut short", http.StatusRequestEntityTooLarge)
			return
		}
		attempt, _ := strconv.Atoi(r.Header.Get("X-DocExtract-Attempt"))
		l := line{
			Accepted: signatureIsGood(secret, body, r.Header.Get("X-DocExtract-Signature")),
			ID:       r.Header.Get("webhook-id"),
			Event:    r.Header.Get("X-DocExtract-Event"),
			Delivery: r.Header.Get("X-DocExtract-Delivery"),
			Attempt:  attempt,
		}
		status := http.StatusUnauthorized
		if l.Accepted {
			status = http.StatusOK // a duplicate is a success too: otherwise it comes again
			l.Duplicate = l.ID != "" && seen.isDuplicate(l.ID)
			if !l.Duplicate {
				// Yours: put the body on a queue here and answer. DocExtract waits 5 seconds for a
				// 2xx, then sends again.
			}
		}
		stdout.Lock()
		_ = json.NewEncoder(os.Stdout).Encode(l)
		stdout.Unlock()
		w.WriteHeader(status)
	})

	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening", listener.Addr().(*net.TCPAddr).Port)
	server := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	log.Fatal(server.Serve(listener))
}
