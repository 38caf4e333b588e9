{{- if eq .Values.mode "distributed" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-svc
  labels:
    app: minio
    release: {{ .Release.Name }}
spec:
  publishNotReadyAddresses: true
  clusterIP: None
  ports:
    - name: http
      port: 9000
      protocol: TCP
      targetPort: 9000
  selector:
    app: minio
    release: {{ .Release.Name }}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .Release.Name }}
  labels:
    app: minio
    release: {{ .Release.Name }}
spec:
  podManagementPolicy: Parallel
  serviceName: {{ .Release.Name }}-svc
  replicas: 1
  selector:
    matchLabels:
      app: minio
      release: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: minio
        release: {{ .Release.Name }}
    spec:
      serviceAccountName: minio-sa
      securityContext:
        runAsUser: {{ .Values.securityContext.runAsUser | toJson }}
        runAsGroup: {{ .Values.securityContext.runAsGroup | toJson }}
        runAsNonRoot: {{ .Values.securityContext.runAsNonRoot | toJson }}
        fsGroup: {{ .Values.securityContext.fsGroup | toJson }}
        fsGroupChangePolicy: {{ .Values.securityContext.fsGroupChangePolicy | toJson }}
        seccompProfile: {{ .Values.securityContext.seccompProfile | toJson }}
      containers:
        - name: minio
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - name: http
              containerPort: 9000
            - name: http-console
              containerPort: 9001
          env:
            - name: MINIO_ROOT_USER
              valueFrom: { secretKeyRef: { name: "{{ .Values.existingSecret }}", key: rootUser } }
            - name: MINIO_ROOT_PASSWORD
              valueFrom: { secretKeyRef: { name: "{{ .Values.existingSecret }}", key: rootPassword } }
            - name: MINIO_BROWSER_REDIRECT_URL
              value: {{ .Values.environment.MINIO_BROWSER_REDIRECT_URL | toJson }}
          resources: {{ .Values.resources | toJson }}
          securityContext: {{ .Values.containerSecurityContext | toJson }}
          volumeMounts:
            - name: export-0
              mountPath: /export-0
            - name: export-1
              mountPath: /export-1
            - name: export-2
              mountPath: /export-2
            - name: export-3
              mountPath: /export-3
  volumeClaimTemplates:
    - metadata:
        name: export-0
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: {{ .Values.persistence.storageClass | quote }}
        resources:
          requests:
            storage: {{ .Values.persistence.size | quote }}
    - metadata:
        name: export-1
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: {{ .Values.persistence.storageClass | quote }}
        resources:
          requests:
            storage: {{ .Values.persistence.size | quote }}
    - metadata:
        name: export-2
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: {{ .Values.persistence.storageClass | quote }}
        resources:
          requests:
            storage: {{ .Values.persistence.size | quote }}
    - metadata:
        name: export-3
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: {{ .Values.persistence.storageClass | quote }}
        resources:
          requests:
            storage: {{ .Values.persistence.size | quote }}
{{- end }}
