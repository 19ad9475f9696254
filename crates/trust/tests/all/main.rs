//! Certificates: what others made is judged, what is made here others judge, and nothing else is.
